import assert from 'node:assert/strict';
import test from 'node:test';
import { HumanMessage, SystemMessage } from '@langchain/core/messages';
import { ChatOpenAI, OpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { answer, apiKey, baseURL, cosine, model, question } from './grid.mjs';

const options = { apiKey, configuration: { baseURL }, maxRetries: 0 };
const chat = new ChatOpenAI({ ...options, model, temperature: 0 });

test('invoke', async () => {
  const message = await chat.invoke([new HumanMessage(question)]);
  assert.equal(message.content, answer);
  assert.ok(message.usage_metadata.output_tokens > 0);
});

test('stream', async () => {
  let text = '';
  let tokens = 0;
  for await (const chunk of await chat.stream([new SystemMessage('You are a helpful assistant.'), new HumanMessage(question)])) {
    text += chunk.content;
    tokens += chunk.usage_metadata?.output_tokens ?? 0;
  }
  assert.match(text, /Tokyo/);
  assert.ok(tokens > 0);
});

test('completion model', async () => {
  const completions = new OpenAI({ ...options, model, temperature: 0, maxTokens: 8 });
  assert.ok((await completions.invoke('The capital of Japan is')).length > 0);
});

test('embeddings of many texts', async () => {
  const embeddings = new OpenAIEmbeddings({ ...options, model });
  const vectors = await embeddings.embedDocuments(Array.from({ length: 600 }, (_, i) => `number ${i}`));
  const one = await embeddings.embedQuery('number 599');
  assert.equal(vectors.length, 600);
  assert.ok(cosine(one, vectors[599]) > 0.999);
});

test('errors', async () => {
  await assert.rejects(
    new ChatOpenAI({ ...options, model: 'none' }).invoke(question),
    (error) => error.status === 404);
  await assert.rejects(
    new ChatOpenAI({ ...options, apiKey: 'sk-wrong', model }).invoke(question),
    (error) => error.status === 401);
});
