import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';

const project = join(import.meta.dirname, '../../../examples/sleep');
const data = join(project, 'data');
const csvFiles = readdirSync(data).filter((name) => name.endsWith('.csv'));
const config = parse(readFileSync(join(project, 'config.yaml'), 'utf8'));

type Row = Record<string, string | number | null>;

const python = (code: string, input: unknown, environment: Record<string, string> = {}) =>
  execFileSync('python3', ['-B', '-c', code], {
    cwd: project,
    input: JSON.stringify(input),
    encoding: 'utf8',
    env: { ...process.env, SLEEP_SECONDS: '0', ...environment },
    stdio: 'pipe',
  });

/** Calls the entrypoint as a worker does, once for each [file, column], in one Python process. */
const call = (tasks: string[][], directory = data): Row[] =>
  JSON.parse(
    python(
      `
import json, sys
from entrypoint import entrypoint
directory, tasks = json.load(sys.stdin)
print(json.dumps([entrypoint(data_bucket="elsewhere", curr_process_file=file, curr_process_column=column,
    data_file=directory + "/" + file, aws_region=None, task_id="0", attempt=1) for file, column in tasks]))`,
      [directory, tasks],
    ),
  );

const lines = (file: string) =>
  readFileSync(join(data, file), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));

const powerColumns = (file: string) =>
  lines(file)[0]!.filter((name) => new RegExp(config.process_column_keywords).test(name));

const minutes = (stamp: string) => Date.parse(`${stamp.replace(' ', 'T')}Z`) / 60_000;

test('sleep: the figures of every file and column are those summed here from the CSV', () => {
  const tasks = csvFiles.flatMap((file) => powerColumns(file).map((column) => [file, column]));
  expect(tasks).toHaveLength(10);
  for (const row of call(tasks)) {
    const [header, ...rows] = lines(row.file as string);
    const where = header!.indexOf(row.column as string);
    const present = rows.filter((cells) => cells[where] !== '');
    const sum = present.reduce((total, cells) => total + Number(cells[where]), 0);
    const top = present.reduce((best, cells) => (Number(cells[where]) > Number(best[where]) ? cells : best));
    // The recorders left no row out, so the whole period over the number of steps is the interval.
    const step = (minutes(rows.at(-1)![0]!) - minutes(rows[0]![0]!)) / (rows.length - 1);
    expect(row).toMatchObject({
      first_time: rows[0]![0],
      last_time: rows.at(-1)![0],
      interval_min: step,
      samples: present.length,
      missing: rows.length - present.length,
      power_max_W: Number(top[where]),
      time_of_max: top[0],
    });
    // Half of the last digit that is kept, and a little for the rounding of the sums.
    expect(Math.abs((row.power_mean_W as number) - sum / present.length)).toBeLessThan(0.0501);
    expect(Math.abs((row.energy_kWh as number) - (sum * step) / 60_000)).toBeLessThan(0.00501);
    expect(Math.abs((row.mean_over_max as number) - sum / present.length / Number(top[where]))).toBeLessThan(
      0.000501,
    );
  }
});

test('sleep: the table in README.md is what the default files give', () => {
  const table = readFileSync(join(project, 'README.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
  const start = table.findIndex((cells) => cells.includes('energy_kWh'));
  const keys = table[start]!;
  const quoted = table.slice(start + 2);
  const tasks = config.default_process_files.flatMap((file: string) =>
    powerColumns(file).map((column) => [file, column]),
  );
  const computed = call(tasks).map((row) => keys.map((key) => String(row[key])));
  expect(quoted).toEqual(computed);
});

test('sleep: without data_file the bucket is taken as a folder', () => {
  const code =
    'from entrypoint import entrypoint; print(entrypoint("data", "rsf2_2022-01.csv", "Inverter 2 AC Power(W)"))';
  expect(python(code, null)).toContain("'samples': 480");
});

test('sleep: it sleeps as long as SLEEP_SECONDS says, and refuses what is not a number of seconds', () => {
  const code = `
import time
from entrypoint import entrypoint
start = time.monotonic()
entrypoint("data", "rsf2_2022-01.csv", "Inverter 2 AC Power(W)")
print(time.monotonic() - start)`;
  const slept = Number(python(code, null, { SLEEP_SECONDS: '0.3' }));
  expect(slept).toBeGreaterThanOrEqual(0.3);
  expect(slept).toBeLessThan(2);
  for (const wrong of ['soon', '-1', 'nan', 'inf', '']) {
    expect(() => python('import entrypoint', null, { SLEEP_SECONDS: wrong })).toThrow(
      `SLEEP_SECONDS (under env: in config.yaml) should be from 0 to 3600, not '${wrong}'`,
    );
  }
});

test('sleep: config.yaml names files that exist, sets SLEEP_SECONDS as text, and keeps the default run short', () => {
  expect(readFileSync(join(project, 'config.yaml'), 'utf8').split('\n')[0]).toBe(
    '# yaml-language-server: $schema=../../schema/config.schema.json',
  );
  expect(csvFiles).toEqual(expect.arrayContaining(config.default_process_files));
  expect(typeof config.env.SLEEP_SECONDS).toBe('string');
  const tasks = config.default_process_files.flatMap(powerColumns).length;
  expect((tasks * Number(config.env.SLEEP_SECONDS)) / 2).toBeLessThan(5);
  // Column selection is to be seen at work: two of the files have columns that do not match.
  expect(csvFiles.filter((file) => lines(file)[0]!.length - 1 > powerColumns(file).length)).toHaveLength(2);
});

test('sleep: the data are small, and data/README.md says of each file where it comes from', () => {
  const bytes = csvFiles.reduce((total, file) => total + statSync(join(data, file)).size, 0);
  expect(bytes).toBeLessThan(500_000);
  const readme = readFileSync(join(data, 'README.md'), 'utf8');
  for (const word of ['NREL', 'PVDAQ', 'pvanalytics 0.2.2', 'MIT']) expect(readme).toContain(word);
  expect(readFileSync(join(data, 'LICENSE'), 'utf8')).toContain('MIT License');
  for (const file of csvFiles) {
    const rows = lines(file).slice(1);
    const empty = rows.filter((cells) => cells.includes('')).length;
    const entry = readme.split('\n').find((line) => line.startsWith(`| \`${file}\``));
    expect(entry).toMatch(new RegExp(`\\| ${rows.length} +\\| ${empty} +\\|$`));
  }
});
