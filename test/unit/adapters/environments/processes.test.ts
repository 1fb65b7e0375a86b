import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from '@jest/globals';
import { takeLock } from '../../../../adapters/local/environments/lock.ts';
import { run, startLong } from '../../../../adapters/local/environments/processes.ts';
import { evaluate, offline, project, temporary } from './places.ts';
import { makeWheel } from './wheels.ts';

const wheels = temporary();
makeWheel(wheels, { name: 'barley', version: '1.0' });
const env = offline(wheels);
const builder = join(import.meta.dirname, 'builder.ts');
const python = 'python3';

/** Another process that builds; its lines as they come. */
function begin(cache: string, folder: string) {
  const child = spawn(process.execPath, [builder, cache, folder], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const exited = once(child, 'close');
  const said = async (what: RegExp) => {
    while (child.exitCode === null && !lines.some((line) => what.test(line)))
      await Promise.race([once(reader, 'line'), exited]);
  };
  return { child, lines, exited, said };
}

test('one installs, the others wait; one that is killed in the middle is replaced by one of them', async () => {
  const cache = join(temporary(), 'not', 'made', 'yet');
  const folder = project({ 'requirements.txt': 'barley' });
  const killed = begin(cache, folder);
  await killed.said(/virtual environment/);
  const others = [begin(cache, folder), begin(cache, folder)];
  await Promise.all(
    others.map(({ said }) => said(new RegExp(`another gcd-sfn \\(process ${killed.child.pid}\\)`))),
  );
  killed.child.kill('SIGKILL');
  await Promise.all([killed, ...others].map(({ exited }) => exited));
  const [first, second] = others.map(({ lines }) => JSON.parse(lines.at(-1)!));
  expect(first).toEqual(second);
  expect(evaluate(first, 'import barley; print(barley.version)')).toBe('1.0');
  const installing = others.filter(({ lines }) => lines.some((line) => line.startsWith('making a virtual')));
  expect(installing).toHaveLength(1);
  // The environment and the file that names it, and nothing of the one that was killed.
  const [key = ''] = readdirSync(cache).filter((name) => name.startsWith('py'));
  expect(readdirSync(join(cache, key))).toHaveLength(2);
});

test('a lock has one holder, and is free once it was released', async () => {
  const path = join(temporary(), 'lock');
  const lock = await takeLock(python, path);
  if ('busy' in lock) throw new Error('the lock is not free');
  expect(await takeLock(python, path)).toEqual({ busy: String(process.pid) });
  await lock.release();
  const again = await takeLock(python, path);
  expect(again).toHaveProperty('release');
  if ('release' in again) await again.release();
});

test('a long command tells its lines and its exit code, and ends with all that it started', async () => {
  const lines: string[] = [];
  const onLine = (line: string) => lines.push(line);
  const short = startLong(python, ['sh', '-c', 'echo one; echo two >&2; exit 3'], {
    env: process.env,
    onLine,
  });
  expect(await short.ended).toBe(3);
  expect(lines.sort()).toEqual(['one', 'two']);
  const endless = startLong(python, ['sh', '-c', 'sleep 1000 & echo begun; wait'], {
    env: process.env,
    onLine,
  });
  while (!lines.includes('begun')) await new Promise((resolve) => setTimeout(resolve, 10));
  endless.kill();
  // The pipe that all of them have ends only when the last of them has ended.
  expect(await endless.ended).toBeNull();
});

test('a short command is ended when it takes too long', async () => {
  const folder = join(temporary(), 'x');
  mkdirSync(folder);
  expect(
    await run('sh', ['-c', 'echo begun; sleep 1000'], { env: process.env, timeoutMs: 300 }),
  ).toMatchObject({
    code: null,
    stdout: 'begun\n',
    timedOut: true,
  });
  expect(await run(folder, [], { env: process.env, timeoutMs: 1000 })).toMatchObject({
    code: null,
    timedOut: false,
  });
});
