/** Installing with uv: the same packages as pip, in a small part of the time. Where anything is in doubt, pip does it. */
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isExecutable, onPath } from '../python/find-pythons.ts';
import type { Entry } from '../requirements/requirement.ts';
import { pipCommand, pythonOf } from './pip.ts';
import type { Variables } from './run-command.ts';
import { type UvSettings, uvSettings } from './uv-settings.ts';

/** Versions that are known to install as pip does. */
const wanted = 'uv>=0.5,<1';
/** Milliseconds for which an index that has no uv is not asked again. */
const askAgain = 24 * 3600 * 1000;

/** Options of a requirements file that uv heeds; others it passes over with a warning. */
const options =
  /^(-i|--index-url|--extra-index-url|-f|--find-links|--no-index|-c|--constraint|--no-binary|--only-binary)(=|\s|$)/;

const ownIndex = /^(-i|--index-url|--no-index)(=|\s|$)/;
const saysIndex = (args: string[]): boolean => args.includes('--index-url') || args.includes('--no-index');

type Run = (command: string[], env?: Variables) => Promise<{ code: number | null; output: string[] }>;

export interface UvWanted {
  /** Absolute path of the new environment, which has pip. */
  home: string;
  /** Path of the list. */
  given: string;
  entries: Entry[];
  /** Folder of the cache. */
  cache: string;
  env: Variables;
  /** Whether what uv has kept of indexes and branches is out of date. */
  renew: boolean;
  run: Run;
}

/**
 * @returns its output; undefined when it did not install the list, for whatever reason: pip is to try, and to say why.
 * `begun`: it may have left something in the environment then
 */
export async function installWithUv(
  wanted: UvWanted,
): Promise<{ output: string[] | undefined; begun: boolean }> {
  const { home, given, entries, env, run } = wanted;
  if (env.GCD_SFN_INSTALLER === 'pip' || !entries.every(isForUv)) return not;
  const listed = await run(pipCommand(home, 'config', 'list'));
  const settings = listed.code === 0 ? uvSettings(listed.output, env) : undefined;
  // Both say where from: which of them counts is pip's affair.
  if (settings && saysIndex(settings.args) && entries.some(({ text }) => ownIndex.test(text))) return not;
  const uv = settings && (await findUv(wanted, settings));
  if (!uv) return not;
  const fixed = ['--no-config', '--no-progress', '--color', 'never', '--no-python-downloads', '--no-sources'];
  const { code, output } = await run(
    [
      uv,
      'pip',
      'install',
      ...fixed,
      // As pip has it: the best version of all indexes.
      ...['--index-strategy', 'unsafe-best-match'],
      ...(wanted.renew ? ['--refresh'] : []),
      // As pip has it: one line with a hash asks for hashes of all.
      ...(entries.some(({ text }) => /\s--hash\b/.test(text)) ? ['--require-hashes'] : []),
      ...settings.args,
      ...['--python', pythonOf(home), '--requirements', given],
    ],
    settings.env,
  );
  return code === 0
    ? { output, begun: true }
    : { output: undefined, begun: output.some((line) => begun.test(line)) };
}

const not = { output: undefined, begun: false };
/** All is resolved and unpacked before the first file of the environment is written. */
const begun = /^(Prepared|Uninstalled|Installed) |Failed to install/;

/** The predecessor's pins are relaxed by what pip says; a clone that is installed in place is pip's alone. */
const isForUv = ({ text, fenced }: Entry): boolean =>
  !fenced && (!text.startsWith('-') || options.test(text));

/** The one on PATH, else one that is fetched from the package index, once. */
async function findUv(
  { home, cache, env, run }: UvWanted,
  { args }: UvSettings,
): Promise<string | undefined> {
  const [there] = await onPath('uv', env);
  if (there) return there;
  const folder = join(cache, 'tools', 'uv');
  const fetched = join(folder, 'bin', 'uv');
  if (await isExecutable(fetched)) return fetched;
  const refused = join(cache, 'tools', 'no-uv');
  const since = (await stat(refused).catch(() => undefined))?.mtimeMs ?? 0;
  if (args.includes('--no-index') || Date.now() - since < askAgain) return undefined;
  await mkdir(join(cache, 'tools'), { recursive: true });
  const making = `${folder}.${process.pid}`;
  const quick = ['--retries', '0', '--timeout', '10', '--no-deps', '--only-binary', ':all:'];
  const { code } = await run(
    pipCommand(home, 'install', '--progress-bar', 'off', ...quick, '--target', making, wanted),
  );
  try {
    if (code !== 0) {
      await writeFile(refused, '');
      return undefined;
    }
    // Another process may have fetched it meanwhile.
    await rename(making, folder).catch(() => {});
    return (await isExecutable(fetched)) ? fetched : undefined;
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}
