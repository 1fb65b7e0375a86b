import { expect, test } from '@jest/globals';
import { committedPicture, drawn, Example, expectAsShown, readmeTable } from './example.ts';

test('it finds in the measurements what its README shows', async () => {
  await using example = await Example.copy('stasticclearsky');
  const results = await example.results();
  expectAsShown(results, await readmeTable('stasticclearsky', 'degradation_percent_per_year'), {
    good_days: 10,
    clear_days: 20,
    // A tenth of what the README says about how far the figure can be trusted.
    degradation_percent_per_year: 0.1,
    residuals_median: 0.01,
  });
  expect(drawn(await example.picture())).toEqual(drawn(await committedPicture('stasticclearsky')));
  for (const { peak_memory_bytes } of await example.table('logs.csv'))
    expect(Number(peak_memory_bytes)).toBeLessThan(1e9);
});

test('it finds a known rate to 0.2 % a year, and none where there is none', async () => {
  await using example = await Example.withPower('stasticclearsky', {
    'falling.csv': { 'Power(W)': { days: 800, rate_percent_per_year: -1, seed: 2 } },
    'steady.csv': { 'Power(W)': { days: 800, rate_percent_per_year: 0, seed: 6 } },
  });
  await example.configure('file_pattern: "*.csv"');
  const [falling, steady] = await example.results();
  expect(Math.abs(Number(falling!.degradation_percent_per_year) + 1)).toBeLessThan(0.2);
  expect(Math.abs(Number(steady!.degradation_percent_per_year))).toBeLessThan(0.2);
});

test('with less than two years it says that this is too little', async () => {
  await using example = await Example.withPower('stasticclearsky', {
    'short.csv': { 'Power(W)': { days: 500 } },
  });
  await example.configure('file_pattern: "*.csv"');
  expect((await example.start('-s', '1')).code).toBe(1);
  const [error] = await example.table('error.csv');
  expect(error!.message).toBe('a degradation rate needs 730 days, there are 500');
});
