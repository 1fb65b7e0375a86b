/** A machine with made-up Pythons, for tests of which one is taken. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from '@jest/globals';
import { choosePython } from '../../../adapters/local/environments/python/choose-python.ts';
import { ExitCode, PythonUnsuitable } from '../../../core/errors/errors.ts';
import { temporary } from './temporary-projects.ts';

/** A home and a PATH with nothing but what is put there. */
export function machine() {
  const home = temporary();
  const env: Record<string, string> = { HOME: home, PATH: `${join(home, 'a')}:${join(home, 'b')}` };
  const write = (path: string, script: string) => {
    const file = join(home, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    return file;
  };
  /** Something that answers as an interpreter does; `executable` as for a shim that leads elsewhere. */
  const python = (
    path: string,
    version: string,
    { implementation = 'cpython', executable = join(home, path), venv = true } = {},
  ) =>
    write(
      path,
      `echo '${JSON.stringify({ executable, base: executable, version, release: version.split('.').map(Number), implementation, platform: 'x', venv })}'`,
    );
  const choose = (wanted: string | null, project = home) =>
    choosePython(wanted, { env, probeTimeoutMs: 1000, project });
  const refusal = async (wanted: string | null): Promise<PythonUnsuitable> => {
    const error = await choose(wanted).then(
      () => undefined,
      (thrown) => thrown,
    );
    expect(error).toBeInstanceOf(PythonUnsuitable);
    expect(error.exitCode).toBe(ExitCode.usage);
    return error;
  };
  return { env, home, write, python, choose, refusal };
}
