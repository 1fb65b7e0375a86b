/** Asks an interpreter for its version and platform. */
import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { run, type Variables } from '../install/run-command.ts';

export interface Interpreter {
  /** Absolute path: the target of a shim or wrapper; in a virtual environment, that one's interpreter. */
  executable: string;
  /** `executable` with symbolic links resolved. */
  base: string;
  /** E.g. `3.11.7`, `3.14.0rc1`. */
  version: string;
  /** Major, minor and micro version. */
  release: number[];
  /** `cpython`, `pypy`, … */
  implementation: string;
  /** Operating system, machine and ABI, on which compiled packages depend. */
  platform: string;
  /** Whether it can create virtual environments with pip. */
  venv: boolean;
}

/** An interpreter that did not answer, and why. */
export interface BrokenInterpreter {
  path: string;
  problem: string;
}

// Also runs in Python 2.7, to report that version.
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
 * Never throws; kills an interpreter that does not answer in time.
 * @param project absolute path of the folder for which pyenv's shims choose their Python
 */
export async function inspectInterpreter(
  path: string,
  { env, probeTimeoutMs: timeoutMs, project }: { env: Variables; probeTimeoutMs: number; project: string },
): Promise<Interpreter | BrokenInterpreter> {
  const { code, stdout, stderr, timedOut } = await run(path, ['-E', '-s', '-S', '-c', script], {
    env: { ...env, PYENV_DIR: project },
    timeoutMs,
    // With a missing cwd, spawn fails as if the interpreter were missing.
    ...(existsSync(project) ? { cwd: project } : {}),
  });
  if (timedOut) return { path, problem: `does not answer within ${timeoutMs / 1000} s` };
  if (code !== 0) {
    const [why = ''] = stderr.trim().split('\n');
    const how = code === null ? 'does not run' : `fails with exit code ${code}`;
    return { path, problem: why === '' ? how : `${how}: ${why}` };
  }
  try {
    const found: Interpreter = JSON.parse(stdout.trim().split('\n').at(-1)!);
    // If an interpreter does not know its own path, use the one that started it.
    return posix.isAbsolute(found.executable) ? found : { ...found, executable: path, base: path };
  } catch {
    return { path, problem: 'does not answer like a Python' };
  }
}

export const isBroken = (answer: Interpreter | BrokenInterpreter): answer is BrokenInterpreter =>
  'problem' in answer;
