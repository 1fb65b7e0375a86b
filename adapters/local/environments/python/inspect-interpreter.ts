/** What an interpreter says of itself. */
import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { run, type Variables } from '../install/run-command.ts';

export interface Interpreter {
  /** Absolute path: what a shim or a wrapper leads to, and the virtual environment's own where it is in one. */
  executable: string;
  /** The same with symbolic links followed. */
  base: string;
  /** E.g. `3.11.7`, `3.14.0rc1`. */
  version: string;
  /** The three numbers of the version. */
  release: number[];
  /** `cpython`, `pypy`, … */
  implementation: string;
  /** System, machine and binary interface: what compiled packages depend on. */
  platform: string;
  /** Whether it can make virtual environments with pip. */
  venv: boolean;
}

/** An interpreter that did not answer, and why. */
export interface Broken {
  path: string;
  problem: string;
}

// Also understood by Python 2.7, so that it can be told what is wrong with it.
const script = `
import sys
sys.path = [p for p in sys.path if p]
import json, os
try:
    from importlib.machinery import EXTENSION_SUFFIXES
    from importlib.util import find_spec
    suffix = EXTENSION_SUFFIXES[0]
    venv = bool(find_spec('venv') and find_spec('ensurepip'))
except ImportError:
    suffix, venv = '', False
v = sys.version_info
print(json.dumps({
    'executable': sys.executable,
    'base': os.path.realpath(sys.executable),
    'version': '.'.join(map(str, v[:3])) + ('' if v[3] == 'final' else {'alpha': 'a', 'beta': 'b'}.get(v[3], 'rc') + str(v[4])),
    'release': v[:3],
    'implementation': getattr(getattr(sys, 'implementation', None), 'name', 'cpython'),
    'platform': ' '.join([sys.platform, os.uname()[4], suffix]),
    'venv': venv,
}))
`;

/**
 * Asks an interpreter what it is. Never throws; ends it when it does not answer in time.
 * @param project absolute path of a folder: a command of pyenv's leads to the Python of that folder
 */
export async function probe(
  path: string,
  { env, probeTimeoutMs: timeoutMs, project }: { env: Variables; probeTimeoutMs: number; project: string },
): Promise<Interpreter | Broken> {
  const { code, stdout, stderr, timedOut } = await run(path, ['-E', '-s', '-S', '-c', script], {
    env: { ...env, PYENV_DIR: project },
    timeoutMs,
    // A folder that is not there would be taken for a Python that is not.
    ...(existsSync(project) ? { cwd: project } : {}),
  });
  if (timedOut) return { path, problem: `does not answer within ${timeoutMs / 1000} s` };
  if (code !== 0) {
    const [why = ''] = stderr.trim().split('\n');
    const how = code === null ? 'does not run' : `ends with exit code ${code}`;
    return { path, problem: why === '' ? how : `${how}: ${why}` };
  }
  try {
    const found: Interpreter = JSON.parse(stdout.trim().split('\n').at(-1)!);
    // An interpreter that does not know its own place is started as it was now.
    return posix.isAbsolute(found.executable) ? found : { ...found, executable: path, base: path };
  } catch {
    return { path, problem: 'does not answer as a Python does' };
  }
}

export const isBroken = (answer: Interpreter | Broken): answer is Broken => 'problem' in answer;
