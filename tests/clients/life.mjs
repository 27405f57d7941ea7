// Stakes, deposits and claims with viem, on the chain and the contracts that standard input names; what came of it goes to
// standard output, both as one JSON object.
import { readFileSync } from 'node:fs';
import {
  createPublicClient, createWalletClient, defineChain, encodeAbiParameters, http, keccak256, maxUint256, parseEther, toHex,
} from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';

const input = JSON.parse(readFileSync(0, 'utf8'));
const chain = defineChain({
  id: input.chainId, name: 'local', nativeCurrency: { name: 'BTT', symbol: 'BTT', decimals: 18 }, rpcUrls: { default: { http: [input.rpc] } },
});
const node = createPublicClient({ chain, transport: http(), pollingInterval: 20 });
const abis = Object.fromEntries(['BttToken', 'NodeRegistry', 'PaymentEscrow', 'EpochRewards'].map(
  name => [name, JSON.parse(readFileSync(`${input.artifacts}/${name}.sol/${name}.json`, 'utf8')).abi]));
const addressOf = {
  BttToken: input.token, NodeRegistry: input.nodeRegistry, PaymentEscrow: input.paymentEscrow, EpochRewards: input.epochRewards,
};

async function account(tokens) {
  const wallet = createWalletClient({ account: privateKeyToAccount(generatePrivateKey()), chain, transport: http() });
  await node.request({ method: 'anvil_setBalance', params: [wallet.account.address, toHex(parseEther('100'))] });
  if (tokens) {
    await send(wallet, 'BttToken', 'faucet', [wallet.account.address, parseEther(tokens)]);
  }
  return wallet;
}

async function send(wallet, contract, functionName, args) {
  const hash = await wallet.writeContract({ address: addressOf[contract], abi: abis[contract], functionName, args });
  const receipt = await node.waitForTransactionReceipt({ hash });
  if (receipt.status !== 'success') {
    throw new Error(`${functionName} was reverted.`);
  }
}

const read = (contract, functionName, args = []) =>
  node.readContract({ address: addressOf[contract], abi: abis[contract], functionName, args });

async function travel(seconds) {
  await node.request({ method: 'evm_increaseTime', params: [toHex(seconds)] });
  await node.request({ method: 'evm_mine', params: [] });
}

const validators = [];
for (let i = 0; i < 3; i++) {
  const validator = await account('200000');
  await send(validator, 'BttToken', 'approve', [input.nodeRegistry, maxUint256]);
  await send(validator, 'NodeRegistry', 'register', [2, parseEther('100000'), input.token]);
  validators.push(validator);
}
validators.sort((a, b) => (BigInt(a.account.address) < BigInt(b.account.address) ? -1 : 1));

const developer = await account('1000');
await send(developer, 'BttToken', 'approve', [input.paymentEscrow, maxUint256]);
await send(developer, 'PaymentEscrow', 'deposit', [developer.account.address, validators[0].account.address, parseEther('400')]);

// A root of one leaf, which the validators sign as typed data.
await send(developer, 'BttToken', 'faucet', [input.epochRewards, parseEther('900')]);
const cumulative = parseEther('700');
const leafType = keccak256(toHex('EpochLeaf(uint256 chainId,address rewards,address account,uint256 cumulative)'));
const root = keccak256(keccak256(encodeAbiParameters(
  ['bytes32', 'uint256', 'address', 'address', 'uint256'].map(type => ({ type })),
  [leafType, BigInt(input.chainId), input.epochRewards, developer.account.address, cumulative])));
await travel(3601);
const message = {
  epoch: await read('NodeRegistry', 'currentEpoch') - 1n, root, total: cumulative, inputsHash: keccak256(toHex('inputs')),
};
const signatures = [];
for (const validator of validators) {
  signatures.push(await validator.signTypedData({
    domain: { name: 'BTTInferGrid EpochRewards', version: '1', chainId: input.chainId, verifyingContract: input.epochRewards },
    types: {
      EpochRoot: [
        { name: 'epoch', type: 'uint64' }, { name: 'root', type: 'bytes32' }, { name: 'total', type: 'uint128' },
        { name: 'inputsHash', type: 'bytes32' },
      ],
    },
    primaryType: 'EpochRoot',
    message,
  }));
}
await send(developer, 'EpochRewards', 'propose', [message, signatures]);
await travel(86401);
await send(validators[1], 'EpochRewards', 'claim', [developer.account.address, cumulative, root, []]);

console.log(JSON.stringify({
  validator: validators[0].account.address, developer: developer.account.address, collector: validators[0].account.address,
}));
