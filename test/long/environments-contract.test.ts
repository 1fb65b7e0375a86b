import { readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { LocalEnvironments } from '../../adapters/local/environments/local-environments.ts';
import { PythonUnsuitable } from '../../core/errors/errors.ts';
import type { Environments } from '../../ports/environments.ts';
import { evaluate, offline, project, ready, temporary } from '../support/environments/temporary-projects.ts';
import { makeWheel } from '../support/environments/wheels.ts';

const wheels = temporary();
makeWheel(wheels, { name: 'barley', version: '1.0' });
makeWheel(wheels, { name: 'barley', version: '2.0' });

interface Made {
  environments: Environments;
  /** Another one that shares what was built, as another process would. */
  another(): Environments;
  /** Names of what it keeps: nothing half made may be among them. */
  kept(): string[];
}

const adapters: Record<string, () => Made> = {
  local: () => {
    const cache = temporary();
    const make = () => new LocalEnvironments({ cache, env: offline(wheels) });
    const kept = () => readdirSync(cache).filter((name) => name.startsWith('py'));
    return { environments: make(), another: make, kept };
  },
};

/** More of pip is in test/long/install-packages.test.ts. */
describe.each(Object.entries(adapters))('environments: %s', (_, make) => {
  test('where nothing is to be installed, the Python is ready at once', async () => {
    const { environments, kept } = make();
    for (const folder of [project({}), project({ 'requirements.txt': '# nothing\n\n' })]) {
      const found = await environments.find({ project: folder, python: null });
      expect(found).toMatchObject({ notices: [] });
      expect(evaluate(found!, 'import sys; print("%d.%d.%d" % sys.version_info[:3])')).toBe(found!.version);
    }
    expect(kept()).toEqual([]);
  });

  test('what is listed is installed, once for the same content, anew for another', async () => {
    const { environments, another, kept } = make();
    const wanted = { project: project({ 'requirements.txt': 'barley==1.0\n' }), python: null };
    expect(await environments.find(wanted)).toBeUndefined();
    const { told, ...first } = await ready(environments, wanted);
    expect(evaluate(first, 'import barley; print(barley.version)')).toBe('1.0');
    expect(told.join('\n')).toMatch(/virtual environment with Python 3.*, \d+ s/);

    const same = project({ 'requirements.txt': '\ufeff# the same\r\n\r\nbarley==1.0   # at last\r\n' });
    expect(await another().find({ project: same, python: null })).toEqual(first);
    expect(
      await another().find({ project: project({ 'requirements.txt': 'barley' }), python: null }),
    ).toBeUndefined();
    expect(kept()).toHaveLength(1);

    // The interpreter that it was made with is removed.
    rmSync(first.python[0]!);
    symlinkSync(join(wheels, 'gone'), first.python[0]!);
    expect(await another().find(wanted)).toBeUndefined();
  });

  test('what is cancelled leaves nothing', async () => {
    const { environments, kept } = make();
    const wanted = { project: project({ 'requirements.txt': 'barley\n' }), python: null };
    await environments.build(wanted);
    await environments.cancel();
    await environments.cancel();
    expect(kept()).toEqual([]);
    expect(await environments.find(wanted)).toBeUndefined();
  });

  test('a Python that is not there is no matter of time', async () => {
    const { environments } = make();
    const wanted = { project: project({}), python: join(wheels, 'python') };
    await expect(environments.find(wanted)).rejects.toThrow(PythonUnsuitable);
    await expect(environments.build(wanted)).rejects.toThrow(PythonUnsuitable);
  });
});
