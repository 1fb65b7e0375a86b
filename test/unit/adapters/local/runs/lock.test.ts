import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { lockOwner } from '../../../../../adapters/local/locks/owner-lock.ts';
import { until } from '../../../../support/cli/project.ts';

test('a process that has ended holds nothing, even while its parent does not ask for its exit code', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gcd-lock-'));
  // What sleep is made of has a child that it knows nothing of.
  const parent = spawn('sh', ['-c', 'sleep 1000 & echo $!; exec sleep 1000'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    const [text] = await once(parent.stdout, 'data');
    const pid = Number(String(text));
    const stat = () => {
      const all = readFileSync(`/proc/${pid}/stat`, 'latin1');
      return all.slice(all.lastIndexOf(')') + 2).split(' ');
    };
    const path = join(folder, 'lock');
    writeFileSync(path, JSON.stringify({ pid, host: hostname(), started: stat()[19] }));
    expect(lockOwner(path)).toMatchObject({ pid });
    // Until then it is a shell, which asks for exit codes.
    await until(() => readFileSync(`/proc/${parent.pid}/comm`, 'utf8') === 'sleep\n', 'the parent');
    process.kill(pid, 'SIGKILL');
    await until(() => stat()[0] === 'Z', 'its end');
    expect(lockOwner(path)).toBeUndefined();
  } finally {
    parent.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  }
});
