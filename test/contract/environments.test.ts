import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { LocalEnvironments } from '../../adapters/local/environments/local-environments.ts';
import type { Environments } from '../../ports/environments.ts';
import { ExitCode, InstallFailed, PythonUnsuitable } from '../../ports/errors.ts';
import { evaluate, offline, project, ready, temporary } from '../unit/adapters/environments/places.ts';
import { makeWheel } from '../unit/adapters/environments/wheels.ts';

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

  test('what PYTHONPATH has besides does not stand before what is installed', async () => {
    const { environments } = make();
    const { told: _, ...found } = await ready(environments, {
      project: project({ 'requirements.txt': 'barley==1.0\n' }),
      python: null,
    });
    const elsewhere = temporary();
    writeFileSync(join(elsewhere, 'barley.py'), 'version = "of PYTHONPATH"');
    const [command = '', ...args] = found.python;
    const code = ['-c', 'import barley; print(barley.version)'];
    const env = { ...process.env, PYTHONPATH: elsewhere };
    expect(execFileSync(command, [...args, ...code], { encoding: 'utf8', env }).trim()).toBe('1.0');
  });

  test('what cannot be installed is named, and leaves nothing', async () => {
    const { environments, kept } = make();
    const text = '# first line\nbarley==1.0\nnosuchgrain>=3\n';
    const wanted = { project: project({ 'requirements.txt': text }), python: null };
    const error = await ready(environments, wanted).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(InstallFailed);
    expect(error.exitCode).toBe(ExitCode.environment);
    expect(error.message).toMatch(/^requirements\.txt: a package was not found\n.*nosuchgrain>=3/);
    expect(error.mend).toContain('Is its name right?');
    const log = /said: (.*)/.exec(error.message)?.[1] ?? '';
    expect(existsSync(log)).toBe(true);
    expect(kept()).toEqual([]);
    expect(await environments.find(wanted)).toBeUndefined();

    // Mended, it is tried again.
    writeFileSync(join(wanted.project, 'requirements.txt'), '# nothing\n');
    expect(await environments.find(wanted)).toBeDefined();
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
