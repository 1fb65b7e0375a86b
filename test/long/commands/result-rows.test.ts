/** Rows of results.csv: whose they are, several of a task, and values without a form. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { command, newProject } from '../../support/cli/project.ts';
import { parseCsv } from '../../support/tables/parse-csv.ts';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

const entrypoint = `
import datetime, os
def entrypoint(curr_process_file, data_file, **_):
    if curr_process_file == "late.csv" and not os.path.exists(os.path.join(os.path.dirname(data_file), "mended")):
        raise ValueError("not yet")
    return {
        "a.csv": [{"hour": hour, "power": hour * 1.5} for hour in range(2)],
        "b.csv": {"power": 5, "zone": datetime.timezone.utc},
        "empty.csv": [],
        "late.csv": ({"hour": hour} for hour in range(2)),
    }[curr_process_file]
`;

test('several rows of a task, none, one with a value that has no form; then the rest by resume, with the same shape', async () => {
  const project = await newProject({
    'entrypoint.py': entrypoint,
    'config.yaml': 'data_bucket: ./data\nfile_pattern: "*.csv"\nprocess_column_keywords: none\n',
    ...Object.fromEntries(['a', 'b', 'empty', 'late'].map((name) => [`data/${name}.csv`, 'Power\n1\n'])),
  });
  cleanUps.push(project.remove);
  const run = (...args: string[]) => command([...args, '-p', project.folder]);
  const table = async () => parseCsv(await project.read('results/results.csv'));
  const first = await run('start', '-n', '0', '--name', 'one');
  expect([first.code, first.stdout]).toEqual([
    1,
    expect.stringContaining(
      'As text: 1 task has values without a form in a table, such as\n  zone (datetime.timezone) of b.csv\n',
    ),
  ]);
  const ids = Object.fromEntries(
    parseCsv(await project.read('results/logs.csv')).map((log) => [log.file_name, log.task_id]),
  );
  const rowOf = (file: string, row: number, own: object) => ({
    ...{ file_name: file, column_name: '', task_id: ids[file], row: String(row) },
    ...{ hour: '', power: '', zone: '', ...own },
  });
  const three = [
    rowOf('a.csv', 0, { hour: '0', power: '0.0' }),
    rowOf('a.csv', 1, { hour: '1', power: '1.5' }),
    rowOf('b.csv', 0, { power: '5', zone: 'UTC' }),
  ];
  expect(await table()).toEqual(three);
  expect((await run('logs', '--task', 'b.csv')).stdout).toBe(
    "b.csv | gcd-sfn: has no form in a table, and was taken as text: result['zone'] (datetime.timezone)\n",
  );

  await project.write('data/mended', '');
  expect((await run('resume', 'one', '--retry-failed')).code).toBe(0);
  const late = [rowOf('late.csv', 0, { hour: '0' }), rowOf('late.csv', 1, { hour: '1' })];
  expect(await table()).toEqual([...three, ...late]);

  // As a run of an earlier version was asked for: it keeps its table.
  const path = join(project.folder, '.gcd/runs/one/request.json');
  const { config, ...rest } = JSON.parse(readFileSync(path, 'utf8'));
  const { identityColumns, ...older } = config;
  expect(identityColumns).toBe(true);
  writeFileSync(path, JSON.stringify({ ...rest, config: older }));
  expect((await run('resume', 'one')).code).toBe(0);
  expect((await project.read('results/results.csv')).split('\n')[0]).toBe('hour,power,zone');
});
