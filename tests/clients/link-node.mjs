// A node that serves canned tokens: a whole implementation of the link in one file, to read beside
// src/BTTInferGrid.Link/Protocol/link.proto when you write a node of your own.
//
//   node link-node.mjs --grid HOST:PORT --model ID --profile ID --answer 12,7,99 --end 2
//
// It dials the grid, proves who it is with a P-256 key, offers one model, and answers each request with the tokens of
// --answer and then the token --end. A request that forbids the end token, as the grid's measurement of a new node does,
// gets the answer over and over, up to its limit. The rules that a real node must keep as well:
//   - a job's tokens never exceed its credit, and its answer never exceeds max_tokens, `answered` included;
//   - each job ends once: with a Result whose counts are right, with a Fault, or with the grid's Cancel;
//   - a Status goes out each 5 s, each second while jobs run; a grid that is silent for 15 s (5 s with jobs) is lost;
//   - after a Goodbye the node waits as long as it says, or longer after failures in a row, and a random time more.
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import grpc from '@grpc/grpc-js';
import protoLoader from '@grpc/proto-loader';

const { values: options } = parseArgs({
  options: {
    grid: { type: 'string' }, // host:port of a front
    tls: { type: 'boolean', default: false },
    key: { type: 'string' }, // PEM file, created if it is missing; without it the identity is new at each start
    model: { type: 'string' },
    profile: { type: 'string' },
    answer: { type: 'string' }, // token ids
    end: { type: 'string' }, // the token that ends an answer
    context: { type: 'string', default: '512' }, // tokens
    slots: { type: 'string', default: '8' },
    interval: { type: 'string', default: '2' }, // milliseconds between two tokens of a job
  },
});
for (const name of ['grid', 'model', 'profile', 'answer', 'end'].filter((one) => !options[one])) {
  throw new Error(`--${name} is missing.`);
}
const answer = options.answer.split(',').map(Number);
const [end, context, slots, interval] = [options.end, options.context, options.slots, options.interval].map(Number);

const protocol = protoLoader.loadSync(
  fileURLToPath(new URL('../../src/BTTInferGrid.Link/Protocol/link.proto', import.meta.url)),
  { keepCase: true, longs: String, enums: String, defaults: true, oneofs: true });
const { Link } = grpc.loadPackageDefinition(protocol).bttgrid.link.v1;
const client = new Link(
  options.grid, options.tls ? grpc.credentials.createSsl() : grpc.credentials.createInsecure(),
  { 'grpc.max_receive_message_length': 8 << 20 });

const privateKey = openKey();
const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
const identity = `p256-${createHash('sha256').update(publicKey).digest('hex')}`;
const audience = options.grid.slice(0, options.grid.lastIndexOf(':')).toLowerCase();

let draining = false;
let drain = () => {};
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    draining = true;
    drain();
  });
}
for (let failures = 0; ;) {
  const started = Date.now();
  const retryAfter = await serve();
  if (draining) {
    process.exit();
  }
  failures = Date.now() - started > 10_000 ? 0 : failures + 1;
  const seconds = Math.max(retryAfter ?? 1, failures && Math.min(2 ** failures, 30));
  await delay(1000 * (seconds + Math.random() * Math.max(1, seconds / 2)));
}

function openKey() {
  if (options.key && existsSync(options.key)) {
    return createPrivateKey(readFileSync(options.key));
  }
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  if (options.key) {
    writeFileSync(options.key, key.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  }
  return key;
}

/** The tokens of an answer, those that another node has made included, and why it ends. */
function answerTo({ max_tokens: maxTokens, sampling }) {
  const isEndless = sampling?.logit_bias.some(({ token, bias }) => token === end && bias <= -100);
  const tokens = isEndless
    ? Array.from({ length: maxTokens }, (_, i) => answer[i % answer.length])
    : [...answer, end].slice(0, maxTokens);
  return { tokens, reason: tokens.at(-1) === end ? 'END_OF_GENERATION' : 'MAX_TOKENS' };
}

/** One session, from the dial to its end; gives the seconds to wait if the grid has named them. */
function serve() {
  const [call, nonce, jobs] = [client.Connect(), randomBytes(32), new Map()];
  let [heard, reported, isWelcome, retryAfter] = [Date.now(), 0, false, undefined];
  const fault = (job, kind, field, reason) => call.write({ fault: { job, kind, field, reason } });

  function report() {
    reported = Date.now();
    const used = [...jobs.values()].reduce((sum, job) => sum + job.promptTokens + job.made, 0);
    call.write({ status: { running: jobs.size, cache_tokens: slots * context, cache_tokens_in_use: used, draining } });
  }

  function finish(number) {
    clearInterval(jobs.get(number)?.timer);
    if (jobs.delete(number) && jobs.size === 0) {
      report();
      drain();
    }
  }

  /** Sends the next token of a job if its credit allows, and the result after the last. */
  function step(number, job) {
    if (job.made < job.tokens.length && job.credit > 0) {
      job.credit--;
      call.write({ tokens: { job: number, tokens: [job.tokens[job.made++]] } });
    }
    if (job.made === job.tokens.length) {
      call.write({
        result: {
          job: number, stop_reason: job.reason, prompt_tokens: job.promptTokens, output_tokens: job.made,
          decode_microseconds: Math.round(1000 * (performance.now() - job.started)),
        },
      });
      finish(number);
    }
  }

  const handlers = {
    challenge({ grid, nonce: gridNonce, expires }) {
      const text = `bttgrid.link.v1\ngrid: ${grid}\naudience: ${audience}\nrole: miner\nnode: ${nonce.toString('hex')}\n`
        + `challenge: ${gridNonce.toString('hex')}\nexpires: ${expires}`;
      // In DER, which is the default of Node.js.
      call.write({ proof: { scheme: 'p256', public_key: publicKey, signature: sign('sha256', Buffer.from(text), privateKey) } });
    },
    welcome() {
      isWelcome = true;
      const { model, profile } = options;
      call.write({ offer: { model, profile, context_tokens: context, slots, backend: 'canned' } });
      report();
      console.log(`Node ${identity} serves ${model} to ${options.grid}.`);
    },
    generate(request) {
      const { job } = request;
      const refused = Object.entries({
        profile: request.profile !== options.profile, grammar: request._grammar, top_log_probs: request._top_log_probs,
        stop: request.stop.length > 0,
      }).find(([, isRefused]) => isRefused)?.[0];
      if (refused) {
        fault(job, 'REFUSED', refused, `This node cannot serve this ${refused}.`);
      } else if (draining || jobs.size >= slots) {
        fault(job, 'BUSY', '', 'All slots are taken.');
      } else {
        const { tokens, reason } = answerTo(request);
        jobs.set(job, {
          tokens: tokens.slice(request.answered.length), made: 0, credit: request.credit, reason,
          promptTokens: request.prompt.length, started: performance.now(),
          timer: setInterval(() => step(job, jobs.get(job)), interval),
        });
        report();
      }
    },
    embed: ({ job }) => fault(job, 'REFUSED', 'input', 'This node makes no embeddings.'),
    cancel: ({ job }) => finish(job),
    credit({ job, tokens }) {
      if (jobs.has(job)) {
        jobs.get(job).credit += tokens;
      }
    },
    goodbye({ reason, text, retry_after: seconds }) {
      console.log(`The grid ended the session: ${reason}. ${text}`);
      retryAfter = seconds;
    },
  };

  drain = () => draining && (jobs.size > 0 ? report() : call.end());
  const watch = setInterval(() => {
    if (Date.now() - heard > (jobs.size > 0 ? 5000 : 15_000)) {
      call.cancel();
    } else if (isWelcome && Date.now() - reported >= (jobs.size > 0 ? 1000 : 5000)) {
      report();
    }
  }, 250);
  call.write({ hello: { version: 1, role: 'miner', audience, nonce, software: 'link-node.mjs/1' } });
  call.on('data', (message) => {
    heard = Date.now();
    handlers[message.kind]?.(message[message.kind]);
  });
  call.on('error', ({ message }) => console.log(`The session ended: ${message}`));
  return new Promise((resolve) => {
    call.on('status', () => {
      clearInterval(watch);
      jobs.forEach(({ timer }) => clearInterval(timer));
      resolve(retryAfter);
    });
  });
}
