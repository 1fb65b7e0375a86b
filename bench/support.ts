/** What benchmarks share: projects of many small tasks, runs of the command line, times of its states. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const main = fileURLToPath(new URL('../bin/gcd-sfn.js', import.meta.url));

/** A project whose tasks are these (file, column) pairs, in a new temporary folder. */
export function projectOf(entrypoint: string, tasks: (readonly [file: string, column: string])[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'gcd-bench-'));
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(folder, 'entrypoint.py'), entrypoint);
  writeFileSync(join(folder, 'config.yaml'), 'data_bucket: ./data\nfile_pattern: "*.csv"\n');
  const columns = new Map<string, string[]>();
  for (const [file, column] of tasks) columns.set(file, [...(columns.get(file) ?? []), column]);
  for (const [file, names] of columns)
    writeFileSync(join(folder, 'data', `${file}.csv`), `${names.join()}\n`);
  return folder;
}

/** Seconds in the states of a run: dispatching, and gathering the result files. */
export interface Times {
  dispatch: number;
  gather: number;
}

/** Runs a project with two workers. @throws Error when a task fails */
export function run(folder: string, name: string): Times {
  const args = [main, 'start', '-p', folder, '-n', '0', '-s', '2', '--name', name];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the run ended with ${status}: ${stderr}`);
  const events = readFileSync(join(folder, '.gcd/runs', name, 'events.jsonl'), 'utf8')
    .trimEnd()
    .split('\n');
  const at = new Map<string, number>();
  for (const line of events) {
    const { event, state, at: when } = JSON.parse(line);
    at.set(`${event} ${state}`, when);
  }
  const took = (state: string) =>
    (at.get(`state-exited ${state}`) ?? 0) - (at.get(`state-entered ${state}`) ?? 0);
  return { dispatch: took('DispatchBatches'), gather: took('Gather') };
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

export const perSecond = (value: number): string => Math.round(value).toLocaleString('en');

/** Repeatable numbers in [0, 1): mulberry32. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
