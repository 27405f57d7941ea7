import assert from 'node:assert/strict';
import test from 'node:test';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, embedMany, generateObject, generateText, streamText } from 'ai';
import { z } from 'zod';
import { answer, apiKey, baseURL, cosine, model, question } from './grid.mjs';

const provider = createOpenAICompatible({
  name: 'bttinfergrid', baseURL, apiKey, includeUsage: true, supportsStructuredOutputs: true,
});

test('generateText', async () => {
  const result = await generateText({ model: provider(model), prompt: question, temperature: 0, maxRetries: 0 });
  assert.equal(result.text, answer);
  assert.equal(result.finishReason, 'stop');
  assert.ok(result.usage.outputTokens > 0);
});

test('streamText with system prompt and usage', async () => {
  const result = streamText({
    model: provider(model), system: 'You are a helpful assistant.', prompt: question, temperature: 0, maxRetries: 0,
  });
  let pieces = 0;
  let text = '';
  for await (const piece of result.textStream) {
    pieces++;
    text += piece;
  }
  assert.match(text, /Tokyo/);
  assert.ok(pieces > 1);
  assert.equal(await result.finishReason, 'stop');
  assert.ok((await result.usage).inputTokens > 0);
});

test('completion model', async () => {
  const result = await generateText({
    model: provider.completionModel(model), prompt: 'The capital of Japan is', temperature: 0, maxOutputTokens: 8, maxRetries: 0,
  });
  assert.ok(result.text.length > 0);
});

test('generateObject', async () => {
  const { object } = await generateObject({
    model: provider(model), schema: z.object({ known: z.boolean() }), prompt: question, temperature: 0, maxOutputTokens: 64,
    maxRetries: 0,
  });
  assert.equal(typeof object.known, 'boolean');
});

test('embedMany', async () => {
  const { embeddings, usage } = await embedMany({
    model: provider.embeddingModel(model), values: ['Tokyo', 'Paris', 'Tokyo'], maxRetries: 0,
  });
  assert.equal(embeddings.length, 3);
  assert.ok(cosine(embeddings[0], embeddings[2]) > 0.999);
  assert.ok(usage.tokens > 0);
});

test('errors', async () => {
  await assert.rejects(
    generateText({ model: provider('none'), prompt: question, maxRetries: 0 }),
    (error) => APICallError.isInstance(error) && error.statusCode === 404 && /does not exist/.test(error.message));
});
