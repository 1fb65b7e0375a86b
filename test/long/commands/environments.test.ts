/** What is kept of environments, by command: listed, and removed. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { command, leftOver } from '../../support/cli/project.ts';
import { keep } from '../../support/environments/cached-environment.ts';
import { temporary } from '../../support/environments/temporary-projects.ts';

afterEach(() => expect(leftOver()).toEqual([]));

test('cleanup --environments shows what there is, and removes what no run uses', async () => {
  const folder = temporary();
  const env = { XDG_CACHE_HOME: folder };
  const cache = join(folder, 'gcd-sfn', 'environments');
  const run = (...args: string[]) => command(args, { cwd: folder, env });
  expect((await run('cleanup', '--environments')).stderr).toContain(`there are no environments in ${cache}`);
  const old = keep(cache, 'py3.11.7-a', 12);
  const doctor = await run('doctor');
  expect(doctor.stdout).toMatch(/environments\s+1 environment, 3 MiB;.*60 days/);
  expect(doctor.stdout).toMatch(/py3\.11\.7-a\s+3 MiB\s+12 d ago/);
  const { code, stdout, stderr } = await run('cleanup', '--environments', '--yes', '--json');
  expect(code).toBe(0);
  expect(stderr).toMatch(/py3\.11\.7-a\s+3 MiB\s+12 d ago/);
  expect(JSON.parse(stdout)).toEqual({ removed: ['py3.11.7-a'], left: [] });
  expect(existsSync(old)).toBe(false);
});

test('what is to be cleaned up must be said, one thing at a time', async () => {
  const run = (...args: string[]) => command(['cleanup', ...args], { cwd: temporary(), env: {} });
  for (const args of [[], ['--all', '--environments'], ['--cluster', 'x', '--environments']]) {
    const { code, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(stderr).toContain('give exactly one of --cluster NAME, --all and --environments');
  }
});

test('--renew-packages is not for a cluster', async () => {
  const { code, stderr } = await command(['start', '--cluster', 'lab', '--renew-packages'], {
    cwd: temporary(),
    env: {},
  });
  expect(code).toBe(2);
  expect(stderr).toContain('--renew-packages is for runs on this machine');
});
