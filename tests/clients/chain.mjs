// What viem, ethers and siwe-parser make of the cases on standard input: one JSON object a line, and one for each on
// standard output.
import { createInterface } from 'node:readline';
import { ParsedMessage } from '@spruceid/siwe-parser';
import { Wallet, encryptKeystoreJsonSync } from 'ethers';
import {
  decodeAbiParameters, encodeAbiParameters, fromRlp, getAddress, hashMessage, hashTypedData, keccak256, parseAbiParameters, toRlp,
} from 'viem';
import { privateKeyToAccount, sign, signatureToHex } from 'viem/accounts';

// A transaction's numbers come as text, because they are greater than those of JavaScript.
function transactionOf({ chainId, nonce, to, value, data, gas, maxFee, priorityFee }) {
  const fees = priorityFee === null
    ? { type: 'legacy', gasPrice: BigInt(maxFee) }
    : { type: 'eip1559', maxFeePerGas: BigInt(maxFee), maxPriorityFeePerGas: BigInt(priorityFee) };
  return {
    chainId: Number(chainId), nonce: Number(nonce), to: to ?? undefined, value: BigInt(value), data,
    gas: BigInt(gas), ...fees,
  };
}

// Numbers come as text here too; what they are is said by the type.
function valueOf(parameter, value) {
  const [, element, length] = /^(.*)\[(\d*)\]$/.exec(parameter.type) ?? [];
  if (length !== undefined) {
    return value.map((one) => valueOf({ ...parameter, type: element }, one));
  }
  if (parameter.type === 'tuple') {
    return value.map((one, i) => valueOf(parameter.components[i], one));
  }
  return /^u?int/.test(parameter.type) ? BigInt(value) : value;
}

const operations = {
  async abi({ type, value }) {
    const parameters = parseAbiParameters(type);
    const encoding = encodeAbiParameters(parameters, [valueOf(parameters[0], value)]);
    return { encoding, again: encodeAbiParameters(parameters, decodeAbiParameters(parameters, encoding)) };
  },
  async transaction(one) {
    const bytes = await privateKeyToAccount(one.key).signTransaction(transactionOf(one));
    return { bytes, hash: keccak256(bytes) };
  },
  async message({ key, message }) {
    const account = privateKeyToAccount(key);
    const raw = { raw: message };
    return { address: account.address, hash: hashMessage(raw), signature: await account.signMessage({ message: raw }) };
  },
  async typedData({ key, document }) {
    const hash = hashTypedData(document);
    return { hash, signature: signatureToHex(await sign({ hash, privateKey: key })) };
  },
  async address({ address }) {
    return { address: getAddress(address) };
  },
  async rlp({ item }) {
    const encoding = toRlp(item);
    return { encoding, item: fromRlp(encoding, 'hex') };
  },
  async signIn({ text }) {
    try {
      const { domain, nonce, statement } = new ParsedMessage(text);
      return { isRight: true, domain, nonce, statement: statement ?? null };
    } catch {
      return { isRight: false };
    }
  },
  async openKeystore({ json, password }) {
    return { key: Wallet.fromEncryptedJsonSync(json, password).privateKey };
  },
  async writeKeystore({ key, password, n }) {
    const { address, privateKey } = new Wallet(key);
    return { json: encryptKeystoreJsonSync({ address, privateKey }, password, { scrypt: { N: n } }) };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const one = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(await operations[one.operation](one))}\n`);
}
