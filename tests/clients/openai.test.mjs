import assert from 'node:assert/strict';
import test from 'node:test';
import OpenAI from 'openai';
import { answer, apiKey, baseURL, cosine, model, question } from './grid.mjs';

const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const messages = [{ role: 'user', content: question }];

test('chat completion', async () => {
  const completion = await client.chat.completions.create({ model, messages, temperature: 0 });
  assert.equal(completion.choices[0].message.content, answer);
  assert.equal(completion.choices[0].finish_reason, 'stop');
  assert.equal(completion.usage.total_tokens, completion.usage.prompt_tokens + completion.usage.completion_tokens);
});

test('chat completion, streaming with usage', async () => {
  const stream = await client.chat.completions.create({
    model, messages, temperature: 0, stream: true, stream_options: { include_usage: true },
  });
  let text = '';
  let usage;
  const finishes = [];
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta.content ?? '';
    usage = chunk.usage ?? usage;
    if (chunk.choices[0]?.finish_reason) {
      finishes.push(chunk.choices[0].finish_reason);
    }
  }
  assert.equal(text, answer);
  assert.deepEqual(finishes, ['stop']);
  assert.ok(usage.completion_tokens > 0);
});

test('stream helper puts several answers together', async () => {
  const stream = client.chat.completions.stream({ model, messages, temperature: 0, n: 2 });
  const completion = await stream.finalChatCompletion();
  assert.deepEqual(completion.choices.map((choice) => choice.message.content), [answer, answer]);
});

test('logprobs', async () => {
  const completion = await client.chat.completions.create({
    model, messages, temperature: 0, logprobs: true, top_logprobs: 2,
  });
  const tokens = completion.choices[0].logprobs.content;
  assert.equal(tokens.map((token) => token.token).join(''), answer);
  assert.equal(Buffer.from(tokens.flatMap((token) => token.bytes)).toString('utf8'), answer);
  assert.ok(tokens.every((token) => token.top_logprobs.length === 2));
});

test('structured output', async () => {
  const completion = await client.chat.completions.create({
    model, messages, temperature: 0, max_tokens: 64,
    response_format: {
      type: 'json_schema',
      json_schema: {
        name: 'known', strict: true,
        schema: { type: 'object', properties: { known: { type: 'boolean' } }, required: ['known'], additionalProperties: false },
      },
    },
  });
  assert.equal(typeof JSON.parse(completion.choices[0].message.content).known, 'boolean');
});

test('text completion, streaming and not', async () => {
  const body = { model, prompt: 'The capital of Japan is', temperature: 0, max_tokens: 8, logprobs: 1 };
  const whole = await client.completions.create(body);
  let text = '';
  for await (const chunk of await client.completions.create({ ...body, stream: true })) {
    text += chunk.choices[0].text;
  }
  assert.ok(text.length > 0);
  assert.equal(text, whole.choices[0].text);
  assert.equal(whole.choices[0].logprobs.tokens.join(''), text);
});

test('embeddings, as the client asks for them and as numbers', async () => {
  const decoded = await client.embeddings.create({ model, input: ['Tokyo', 'Paris'] });
  const numbers = await client.embeddings.create({ model, input: ['Tokyo', 'Paris'], encoding_format: 'float' });
  assert.deepEqual(decoded.data.map((one) => one.index), [0, 1]);
  for (const i of [0, 1]) {
    const [one, other] = [decoded.data[i].embedding, numbers.data[i].embedding];
    assert.equal(one.length, other.length);
    assert.ok(Math.abs(cosine(one, other) - 1) < 1e-3);
  }
});

test('models', async () => {
  const ids = [];
  for await (const one of client.models.list()) {
    ids.push(one.id);
  }
  assert.deepEqual(ids, [model]);
  assert.equal((await client.models.retrieve(model)).id, model);
});

test('errors have their types', async () => {
  await assert.rejects(
    new OpenAI({ baseURL, apiKey: 'sk-wrong', maxRetries: 0 }).models.list(),
    (error) => error instanceof OpenAI.AuthenticationError && error.code === 'invalid_api_key');
  await assert.rejects(
    client.chat.completions.create({ model: 'none', messages }),
    (error) => error instanceof OpenAI.NotFoundError && error.code === 'model_not_found' && error.param === 'model');
  await assert.rejects(
    client.chat.completions.create({ model, messages, tools: [{ type: 'function', function: { name: 'f' } }] }),
    (error) => error instanceof OpenAI.BadRequestError && error.param === 'tools' && error.requestID.startsWith('req_'));
});

test('a client that leaves early is let go', async () => {
  const stream = await client.chat.completions.create({
    model, messages: [{ role: 'user', content: 'Tell me a short story.' }], stream: true, max_tokens: 200,
  });
  for await (const chunk of stream) {
    assert.ok(chunk.choices.length === 1);
    break;
  }
  assert.equal((await client.chat.completions.create({ model, messages, temperature: 0 })).choices[0].message.content, answer);
});
