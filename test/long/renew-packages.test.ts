/** Packages that have moved on are installed anew when that is asked for, and not otherwise. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { LocalEnvironments } from '../../adapters/local/environments/local-environments.ts';
import { localPackage } from '../support/environments/local-package.ts';
import { evaluate, offline, project, ready, temporary } from '../support/environments/temporary-projects.ts';
import { makeWheel } from '../support/environments/wheels.ts';

// Environments are made and packages built, which takes tens of seconds on a busy machine.
jest.setTimeout(300_000);

test.each([
  ['a package without a version', { 'requirements.txt': 'barley\n' }],
  ['what a local package needs', { ...localPackage('', 'one', 'barley'), 'requirements.txt': '-e .\n' }],
])(
  '%s',
  async (_, files) => {
    const wheels = temporary();
    const cache = temporary();
    makeWheel(wheels, { name: 'barley', version: '1.0' });
    const wanted = { project: project(files), python: null };
    const environments = (renew = false) => new LocalEnvironments({ cache, env: offline(wheels), renew });
    const version = 'import barley; print(barley.version)';
    const first = await ready(environments(), wanted);
    makeWheel(wheels, { name: 'barley', version: '2.0' });
    expect(evaluate(await ready(environments(), wanted), version)).toBe('1.0');

    const renewing = environments(true);
    const second = await ready(renewing, wanted);
    expect(evaluate(second, version)).toBe('2.0');
    // Once is enough, and it holds for those that come after.
    expect((await ready(renewing, wanted)).told).toEqual([]);
    expect((await ready(environments(), wanted)).python).toEqual(second.python);
    // A run that had begun goes on with what it had.
    expect(evaluate(first, version)).toBe('1.0');

    // One that fails takes nothing away.
    const failing = new LocalEnvironments({ cache, env: offline('/nowhere'), renew: true });
    await expect(ready(failing, wanted)).rejects.toThrow('requirements.txt');
    expect(evaluate((await environments().find(wanted))!, version)).toBe('2.0');
    const keys = readdirSync(cache).filter((name) => name.startsWith('py'));
    expect(
      keys.flatMap((key) => readdirSync(join(cache, key))).filter((name) => name === 'complete.json'),
    ).toHaveLength(keys.length);
  },
  300_000,
);
