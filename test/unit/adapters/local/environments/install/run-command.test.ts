import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { run, startLong } from '../../../../../../adapters/local/environments/install/run-command.ts';
import { takeFlock } from '../../../../../../adapters/local/locks/flock.ts';
import { temporary } from '../../../../../support/environments/temporary-projects.ts';

const python = 'python3';

test('a lock has one holder, and is free once it was released', async () => {
  const path = join(temporary(), 'lock');
  const lock = await takeFlock(python, path);
  if ('busy' in lock) throw new Error('the lock is not free');
  expect(await takeFlock(python, path)).toEqual({ busy: String(process.pid) });
  await lock.release();
  const again = await takeFlock(python, path);
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
