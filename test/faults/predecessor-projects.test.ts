/** Projects of gismoclouddeploy run as they are. */
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ownColumns } from '../support/tables/parse-csv.ts';
import { prepared } from './predecessor/prepared.ts';
import { predecessors } from './predecessor/projects.ts';
import { predecessorWheels } from './predecessor/wheels.ts';

const wheels = predecessorWheels();

test.each(Object.entries(predecessors))('%s', async (_, { files, notice, results }) => {
  const { project, start } = await prepared(files, wheels);
  const args = files['config.yaml']!.includes('default_process_files') ? [] : ['-n', '0'];
  const first = await start(...args);
  expect(first.stderr).toMatch(notice);
  expect(first.stderr.match(/^requirements\.txt: /gm)).toHaveLength(1);
  expect(first.stderr.match(/^config\.yaml: obsolete.*$/gm)).toEqual([
    expect.stringMatching(
      /interval_of_checking_sqs .*repeat_number_per_round .*num_worker_pods_per_namespace /,
    ),
  ]);
  expect([first.code, first.stderr]).toEqual([0, expect.stringContaining('errors.csv')]);
  expect(ownColumns(await project.read('results/results.csv'))).toBe(
    results.replaceAll('DATA', join(project.folder, 'data')),
  );
  expect(first.stdout.trimEnd()).toBe((await project.read('results/performance.txt')).trimEnd());

  const second = await start(...args);
  expect(second.code).toBe(0);
  expect(second.stderr).toMatch(notice);
  expect(second.stderr).not.toMatch(/virtual environment|installing/);
});
