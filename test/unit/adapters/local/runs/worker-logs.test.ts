import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { loggingWorkers, WorkerLog } from '../../../../../adapters/local/runs/worker-logs.ts';
import { MergedLogs } from '../../../../../cli/logs/merged-logs.ts';
import { layout } from '../../../../../core/run-store/layout.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gcd-logs-'));
  mkdirSync(join(folder, 'logs'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const line = (text: string, at = 1) => `${JSON.stringify({ at, text })}\n`;
const append = (worker: string, text: string) => appendFileSync(join(folder, layout.log(worker)), text);
/** As the worker does when the file is full. */
const beginAnew = (worker: string) =>
  renameSync(join(folder, layout.log(worker)), join(folder, layout.log(`${worker}.1`)));

function rest(log: WorkerLog): string[] {
  const texts: string[] = [];
  for (let first = log.first(); first; first = log.first()) {
    texts.push(first.text);
    log.shift();
  }
  return texts;
}

describe('the log of a worker', () => {
  test('is read on as it grows, a line when it is whole', () => {
    const log = new WorkerLog(folder, 'w');
    expect(rest(log)).toEqual([]);
    append('w', line('one') + line('two €').slice(0, -5));
    expect(rest(log)).toEqual(['one']);
    append('w', line('two €').slice(-5));
    expect(rest(log)).toEqual(['two €']);
    expect(rest(log)).toEqual([]);
    log.close();
  });

  test('may have lines that are none', () => {
    append('w', `{"at":1,"te\nnull\n[]\n{"at":1}\n{"text":"x"}\n${line('one')}`);
    const log = new WorkerLog(folder, 'w');
    expect(rest(log)).toEqual(['one']);
    log.close();
  });

  test('is longer than what is read at once', () => {
    const texts = Array.from({ length: 3000 }, (_, n) => `${n} ${'é€'.repeat(n % 300)}`);
    append('w', texts.map((text) => line(text)).join(''));
    const log = new WorkerLog(folder, 'w');
    expect(rest(log)).toEqual(texts);
    log.close();
  });

  test.each([
    ['nothing', 0],
    ['the first file', 1],
    ['the second file', 2],
  ])('goes on in the next file, when %s had been read', (_, reads) => {
    const log = new WorkerLog(folder, 'w');
    const read: string[] = [];
    append('w', line('1a'));
    if (reads === 1) read.push(...rest(log));
    append('w', line('1b'));
    beginAnew('w');
    append('w', line('2a'));
    if (reads === 2) read.push(...rest(log));
    append('w', line('2b'));
    expect([...read, ...rest(log)]).toEqual(['1a', '1b', '2a', '2b']);
    // Twice between two looks: the file between was put aside before it was ever seen.
    append('w', line('2c'));
    beginAnew('w');
    append('w', line('3'));
    beginAnew('w');
    expect(rest(log)).toEqual(['2c', '3']);
    append('w', line('4'));
    expect(rest(log)).toEqual(['4']);
    log.close();
  });

  test('belongs to a worker that has one, in order of their numbers', () => {
    expect(loggingWorkers(join(folder, 'nowhere'))).toEqual([]);
    for (const worker of ['local-10', 'local-9', 'local-9.1']) append(worker, line('x'));
    expect(loggingWorkers(folder)).toEqual(['local-9', 'local-10']);
  });
});

describe('the logs of all workers', () => {
  test('are one in order of time, also of a worker that comes later', () => {
    append('a', line('1', 1) + line('3', 3) + line('3 too', 3));
    append('b', line('2', 2));
    const merged = new MergedLogs(folder);
    const texts = () => [...merged.read()].map(({ worker, text }) => `${worker} ${text}`);
    expect(texts()).toEqual(['a 1', 'b 2', 'a 3', 'a 3 too']);
    append('c', line('5', 5));
    append('a', line('4', 4));
    expect(texts()).toEqual(['a 4', 'c 5']);
    expect(texts()).toEqual([]);
    merged.close();
  });
});
