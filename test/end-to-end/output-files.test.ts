/** Each task runs in a working directory of its own; more in test/long/commands/output-files.test.ts. */
import { afterEach, expect, test } from '@jest/globals';
import { command, leftOver, newProject } from '../support/cli/project.ts';
import { ownColumns } from '../support/tables/parse-csv.ts';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
  expect(leftOver()).toEqual([]);
});

test('what a task writes, it reads again, and no other task', async () => {
  const names = Array.from({ length: 10 }, (_, n) => `f${n}.csv`);
  const project = await newProject({
    'config.yaml': 'data_bucket: ./data\n',
    ...Object.fromEntries(names.map((name) => [`data/${name}`, 'Power\n1\n'])),
    'entrypoint.py': `
import os, time
def entrypoint(data_bucket, curr_process_file, curr_process_column):
    out = os.getcwd() + "/output.txt"
    before = os.path.exists(out)
    with open(out, "w") as file: file.write(curr_process_file)
    beside = os.path.join(os.path.dirname(__file__), "beside.txt")
    with open(beside, "a") as file: file.write(curr_process_file)
    time.sleep(0.1)
    return {"file": curr_process_file, "before": before, "read": open(out).read(), "beside": open(beside).read()}
`,
  });
  cleanUps.push(project.remove);
  const { code } = await command(['start', '-n', '0', '-s', '2', '-p', project.folder]);
  expect(code).toBe(0);
  const rows = ownColumns(await project.read('results/results.csv'))
    .trimEnd()
    .split('\n')
    .slice(1);
  expect(rows).toEqual(names.map((name) => `${name},False,${name},${name}`));
  expect(await project.read('results/files/f3.csv/Power/output.txt')).toBe('f3.csv');
  expect((await project.read('results/files.csv')).trimEnd().split('\n')).toHaveLength(1 + 2 * names.length);
});
