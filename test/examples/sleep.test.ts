import { expect, test } from '@jest/globals';
import { committedPicture, Example, expectAsShown, readmeTable } from './example.ts';

test('it finds in its default files what its README shows', async () => {
  await using example = await Example.copy('sleep');
  expect((await example.start()).code).toBe(0);
  expectAsShown(await example.table('results.csv'), await readmeTable('sleep', 'energy_kWh'));
  expect(await example.picture()).toBe(await committedPicture('sleep'));
});

test('-n 0 takes all of its files, and each task sleeps', async () => {
  await using example = await Example.copy('sleep');
  expect(await example.results()).toHaveLength(10);
  for (const { duration_s } of await example.table('logs.csv'))
    expect(Number(duration_s)).toBeGreaterThanOrEqual(0.5);
});
