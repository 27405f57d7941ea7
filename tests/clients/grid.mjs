// Where the grid of the test is; the test that starts these files sets it.
export const baseURL = process.env.BTTGRID_TEST_URL;
export const apiKey = process.env.BTTGRID_TEST_KEY;
export const model = 'grid-tiny';
export const question = 'What is the capital of Japan?';
export const answer = 'The capital of Japan is Tokyo.';

export function cosine(one, other) {
  return one.reduce((sum, number, i) => sum + number * other[i], 0);
}
