/** pip's command lines and progress. */
import { join } from 'node:path';
import type { Variables } from './run-command.ts';

/** The interpreter of a virtual environment. */
export const pythonOf = (home: string): string => join(home, 'bin', 'python');

/** Ignores the current folder, PYTHONPATH and the user's site-packages. */
const isolated = ['-I', '-u', '-X', 'utf8'];

export const venvCommand = (python: string, home: string, ...options: string[]): string[] => [
  python,
  ...isolated,
  '-m',
  'venv',
  ...options,
  home,
];

export function pipCommand(home: string, ...args: string[]): string[] {
  return [pythonOf(home), ...isolated, '-m', 'pip', '--disable-pip-version-check', '--no-input', ...args];
}

export const installCommand = (home: string, requirements: string): string[] =>
  pipCommand(home, 'install', '--progress-bar', 'off', '-r', requirements);

/** Runs a script in an environment. */
export const scriptCommand = (home: string, script: string, ...args: string[]): string[] => [
  pythonOf(home),
  ...isolated,
  '-c',
  script,
  ...args,
];

/** Builds the wheel of the package in a folder, without its dependencies. */
export const wheelCommand = (home: string, folder: string, into: string): string[] =>
  pipCommand(home, 'wheel', '--progress-bar', 'off', '--no-deps', '--wheel-dir', into, folder);

/** The user's settings (PIP_INDEX_URL, PIP_FIND_LINKS, …), except those that change where packages are installed. */
export function pipVariables(env: Variables): Variables {
  const {
    PYTHONHOME,
    PYTHONPATH,
    PIP_TARGET,
    PIP_PREFIX,
    PIP_ROOT,
    PIP_DRY_RUN,
    __PYVENV_LAUNCHER__,
    ...rest
  } = env;
  return { ...rest, PIP_USER: '0', PYTHONUNBUFFERED: '1' };
}

/** pip's progress in a few words, from a line of its output; undefined for other lines. */
export function progressOf(line: string): string | undefined {
  const text = line.trim();
  const [, file = '', size] = /^(?:Downloading|Using cached) (\S+)(?: \(([^)]+)\))?/.exec(text) ?? [];
  if (file !== '' && !file.endsWith('.metadata')) {
    const name = /^[^/]*?(?=-\d)/.exec(file.slice(file.lastIndexOf('/') + 1))?.[0] ?? file;
    return `${text.startsWith('Using') ? 'taking' : 'downloading'} ${name}${size ? ` (${size})` : ''}`;
  }
  const [, collected] = /^Collecting ([\w.-]+)/.exec(text) ?? [];
  if (collected) return `looking for ${collected}`;
  const [, built] = /^Building wheels? for (?:collected packages: )?([\w.-]+)/.exec(text) ?? [];
  if (built) return `compiling ${built}`;
  const [, all = ''] = /^Installing collected packages: (.*)/.exec(text) ?? [];
  if (all !== '') {
    const count = all.split(',').length;
    return count === 1 ? `unpacking ${all}` : `unpacking ${count} packages`;
  }
  return undefined;
}
