/** One project with every misbehaviour there is, among good tasks: each is called what it is, and no other suffers from it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterEach, expect, test } from '@jest/globals';
import { command, leftOver, newProject } from '../support/cli/project.ts';
import { parseCsv } from '../support/tables/parse-csv.ts';
import { type Expected, expectedOf, hostileProject } from './misbehaving-tasks/expected.ts';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

test.each([
  ['two workers, two attempts', ['-s', '2'], 'max_attempts: 2'],
  ['two workers that keep what is printed', ['-s', '2'], 'max_attempts: 1\nkeep_output: true'],
  ['one worker', ['-s', '1'], 'max_attempts: 1'],
])(
  '%s',
  async (_, args, settings) => {
    const { files, columns } = hostileProject();
    const project = await newProject(files);
    cleanUps.push(project.remove);
    const started = join(project.folder, 'data/started.txt');
    await project.write(
      'config.yaml',
      `data_bucket: ./data\nfile_pattern: "*.csv"\nprocess_column_keywords: ["."]\n` +
        `task_timeout: 5\nmemory_per_worker: 512Mi\nmax_output_bytes: 50Mi\nenv: {STARTED: "${started}"}\n${settings}\n`,
    );
    const { code, stderr } = await command([
      'start',
      '-p',
      project.folder,
      '-n',
      '0',
      '--name',
      'one',
      ...args,
    ]);
    expect(stderr).not.toMatch(/bug/);
    expect(code).toBe(1);

    const logs = parseCsv(await project.read('results/logs.csv'));
    const results = parseCsv(await project.read('results/results.csv'));
    const errors = parseCsv(await project.read('results/error.csv'));
    expect(logs.map((log) => log.column_name).sort()).toEqual(columns.toSorted());
    expect(logs.length).toBe(results.length + errors.length);
    const attempts = /max_attempts: (\d)/.exec(settings)?.[1];
    const found = logs.map(({ column_name: column = '', status, attempt }) => {
      // Both tables are in the manifest's order, so each log has the next line of one of them.
      const line = status === 'succeeded' ? results.shift()! : errors.shift()!;
      return { column, attempt, ...seen(line, expectedOf(column)) };
    });
    const expected = logs.map(({ column_name: column = '' }) => ({
      column,
      attempt: isRetried(expectedOf(column)) ? attempts : '1',
      ...expectedOf(column),
    }));
    const wrong = found.map((one, index) => ({ found: one, expected: expected[index] }));
    expect(wrong.filter((one) => !isDeepStrictEqual(one.found, one.expected))).toEqual([]);
    if (settings.includes('keep_output')) expectOwnOutput(join(project.folder, '.gcd/runs/one/parts/1'));

    expect(leftOver()).toEqual([]);
    const pids = readFileSync(started, 'utf8').trimEnd().split('\n');
    expect(pids.length).toBeGreaterThan(8);
    expect(pids.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
  },
  300_000,
);

const isRetried = (expected: Expected): boolean =>
  'class' in expected && ['crash', 'timeout', 'out-of-memory'].includes(expected.class);

/** The cells of a line that something is expected of; those that fit as the expectation itself, so that a difference is readable. */
function seen(line: Record<string, string>, expected: Expected): object {
  const cells = 'row' in expected ? line : failureOf(line);
  const wanted: Record<string, string | RegExp> = 'row' in expected ? expected.row : expected;
  const fitting = Object.entries(wanted).map(([name, one]) => {
    const cell = brief(cells[name] ?? 'no such column');
    const fits = typeof one === 'string' ? cell === one : one.test(cell);
    return [name, fits ? one : cell];
  });
  // A failure where a row should be, or the other way round, is shown as it is.
  if ('row' in expected === 'error_class' in line) return failureOf(line).class ? failureOf(line) : line;
  return 'row' in expected ? { row: Object.fromEntries(fitting) } : Object.fromEntries(fitting);
}

/** A text of one character only is told by its length. */
const brief = (cell: string): string =>
  cell.length > 1000 && cell.replaceAll(cell[0]!, '') === '' ? `${cell.length} times ${cell[0]}` : cell;

const failureOf = (line: Record<string, string>): Record<string, string | undefined> => ({
  class: line.error_class,
  type: line.error_type,
  message: line.message,
  output: line.output,
});

/** Each task that printed has kept what it printed, and nothing that another one did. */
function expectOwnOutput(parts: string): void {
  const text = readdirSync(parts).map((part) => readFileSync(join(parts, part), 'utf8'));
  const lines = text.flatMap((one) => one.split('\n').filter((line) => line.startsWith('{"status"')));
  const manifest = readFileSync(join(parts, '../../manifest.jsonl'), 'utf8').trimEnd().split('\n');
  const columnOf = new Map(manifest.map((line) => JSON.parse(line)).map(({ id, column }) => [id, column]));
  const good = lines.filter((line) => line.length < 100_000).map((line) => JSON.parse(line));
  for (const { task, output = '' } of good) {
    const column = columnOf.get(task);
    if (!column.startsWith('good') || column.startsWith('good_gone')) continue;
    expect(output.match(/^said by .*$/gm)).toEqual([expect.stringMatching(` ${column}$`)]);
  }
}
