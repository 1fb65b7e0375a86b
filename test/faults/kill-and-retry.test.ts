/** kill -9 between start, resume and `resume --retry-failed` of tasks that leave several files: what is published agrees. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { command, leftOver, newProject, startCommand, until } from '../support/cli/project.ts';
import { parseCsv } from '../support/tables/parse-csv.ts';

const entrypoint = `
import os, time
def entrypoint(data_bucket, curr_process_file, curr_process_column, output_dir):
    name = curr_process_file + " " + curr_process_column
    if [one for one in os.listdir(output_dir) if one.startswith("left")]:
        raise FileExistsError("of another task")
    with open("left.txt", "w") as file:
        file.write(name)
    time.sleep(0.02)
    os.makedirs("left/deeper")
    with open("left/deeper/b.bin", "w") as file:
        file.write(name * 5000)
    if curr_process_column == "later" and not os.path.exists(os.path.join(data_bucket, "mended")):
        raise ValueError("not yet")
    if curr_process_column == "never":
        raise ValueError("always")
    return {"value": name}
`;
const columns = ['a', 'b', 'later', 'c', 'never', 'd'];
const files = ['f0.csv', 'f1.csv', 'f2.csv', 'f3.csv'];

/** That each row has its files, whole, and that nothing else is listed or there. */
function expectAgreement(folder: string, rows: number): void {
  const results = join(folder, 'results');
  const table = (name: string) => parseCsv(readFileSync(join(results, name), 'utf8'));
  const expected = table('results.csv').flatMap(({ file_name: file, column_name: column, value = '' }) => [
    [`files/${file}/${column}/left.txt`, value],
    [`files/${file}/${column}/left/deeper/b.bin`, value.repeat(5000)],
  ]);
  expect(expected).toHaveLength(2 * rows);
  const listed = table('files.csv').map(({ path = '' }) => [path, readFileSync(join(results, path), 'utf8')]);
  expect(listed.toSorted()).toEqual(expected.toSorted());
  const there = readdirSync(join(results, 'files'), { recursive: true, withFileTypes: true });
  expect(there.filter((entry) => entry.isFile() && entry.name !== '.gcd-sfn')).toHaveLength(listed.length);
}

test.each([1, 2])('killed %d times in each of start, resume and --retry-failed', async (kills) => {
  const data = Object.fromEntries(files.map((file) => [`data/${file}`, `${columns.join()}\n`]));
  const config = 'data_bucket: ./data\nfile_pattern: "*.csv"\n';
  const project = await newProject({ 'entrypoint.py': entrypoint, 'config.yaml': config, ...data });
  const parts = join(project.folder, '.gcd/runs/one/parts/1');
  const records = () => {
    if (!existsSync(parts)) return 0;
    const text = readdirSync(parts).map((part) => readFileSync(join(parts, part), 'utf8'));
    return text.flatMap((one) => one.split('\n').filter((line) => line.startsWith('{"status"'))).length;
  };
  const killed = async (args: string[], more: number) => {
    const goal = records() + more;
    const started = startCommand([...args, '-p', project.folder]);
    await until(() => records() >= goal || started.process.exitCode !== null, `${more} more records`);
    started.process.kill('SIGKILL');
    await started.finished;
    await until(() => leftOver().length === 0, 'the workers to end');
  };
  try {
    await killed(['start', '-n', '0', '--name', 'one'], 3);
    for (let kill = 0; kill < kills; kill++) await killed(['resume', 'one'], 4);
    expect((await command(['resume', 'one', '-p', project.folder])).code).toBe(1);
    expectAgreement(project.folder, 4 * files.length);
    await project.write('data/mended', '');
    for (let kill = 0; kill < kills; kill++) await killed(['resume', 'one', '--retry-failed'], 2);
    const { code, stdout } = await command(['resume', 'one', '--retry-failed', '-p', project.folder]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/Number of unfinished tasks +0\n/);
    expect(stdout).not.toMatch(/duration.* -\d|NaN|Infinity/);
    expectAgreement(project.folder, 5 * files.length);
    expect(leftOver()).toEqual([]);
  } finally {
    await project.remove();
  }
});
