/** Installs with uv: the same packages as pip, much faster. Any doubtful case is left to pip. */
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isExecutable, onPath } from '../python/find-pythons.ts';
import type { Entry } from '../requirements/requirement.ts';
import { pipCommand, pythonOf } from './pip.ts';
import type { Variables } from './run-command.ts';
import { type UvSettings, uvSettings } from './uv-settings.ts';

/** Versions of uv that are known to install as pip does. */
const uvRequirement = 'uv>=0.5,<1';
/** Milliseconds before an index that had no uv is tried again. */
const retryAfter = 24 * 3600 * 1000;

/** Options of a requirements file that uv supports; it ignores others with a warning. */
const options =
  /^(-i|--index-url|--extra-index-url|-f|--find-links|--no-index|-c|--constraint|--no-binary|--only-binary)(=|\s|$)/;

const ownIndex = /^(-i|--index-url|--no-index)(=|\s|$)/;
const saysIndex = (args: string[]): boolean => args.includes('--index-url') || args.includes('--no-index');

type Run = (command: string[], env?: Variables) => Promise<{ code: number | null; output: string[] }>;

export interface UvInstall {
  /** Absolute path of the new environment, which has pip. */
  home: string;
  /** Path of the requirements file. */
  requirementsFile: string;
  entries: Entry[];
  /** Absolute path of the cache folder. */
  cache: string;
  env: Variables;
  /** Whether to ask indexes and branches again instead of using cached answers. */
  renew: boolean;
  run: Run;
}

/**
 * @returns uv's output; undefined if it did not install the packages: then pip is to install them, or to say why not.
 * `isChanged`: uv may have left files in the environment
 */
export async function installWithUv(
  install: UvInstall,
): Promise<{ output: string[] | undefined; isChanged: boolean }> {
  const { home, requirementsFile, entries, env, run } = install;
  if (env.GCD_SFN_INSTALLER === 'pip' || !entries.every(isForUv)) return notInstalled;
  const listed = await run(pipCommand(home, 'config', 'list'));
  const settings = listed.code === 0 ? uvSettings(listed.output, env) : undefined;
  // Both name an index: pip decides which one applies.
  if (settings && saysIndex(settings.args) && entries.some(({ text }) => ownIndex.test(text)))
    return notInstalled;
  const uv = settings && (await findUv(install, settings));
  if (!uv) return notInstalled;
  const fixed = ['--no-config', '--no-progress', '--color', 'never', '--no-python-downloads', '--no-sources'];
  const { code, output } = await run(
    [
      uv,
      'pip',
      'install',
      ...fixed,
      // Like pip: the best version of all indexes.
      ...['--index-strategy', 'unsafe-best-match'],
      ...(install.renew ? ['--refresh'] : []),
      // Like pip: one line with a hash requires hashes of all.
      ...(entries.some(({ text }) => /\s--hash\b/.test(text)) ? ['--require-hashes'] : []),
      ...settings.args,
      ...['--python', pythonOf(home), '--requirements', requirementsFile],
    ],
    settings.env,
  );
  return code === 0
    ? { output, isChanged: true }
    : { output: undefined, isChanged: output.some((line) => changing.test(line)) };
}

const notInstalled = { output: undefined, isChanged: false };
/** uv resolves and unpacks everything before it writes the first file of the environment. */
const changing = /^(Prepared|Uninstalled|Installed) |Failed to install/;

/** Not for uv: the predecessor's pins, which are relaxed by pip's output, and editable clones. */
const isForUv = ({ text, fenced }: Entry): boolean =>
  !fenced && (!text.startsWith('-') || options.test(text));

/** uv from PATH, else from the package index, installed once into the cache. */
async function findUv(
  { home, cache, env, run }: UvInstall,
  { args }: UvSettings,
): Promise<string | undefined> {
  const [there] = await onPath('uv', env);
  if (there) return there;
  const folder = join(cache, 'tools', 'uv');
  const fetched = join(folder, 'bin', 'uv');
  if (await isExecutable(fetched)) return fetched;
  const refused = join(cache, 'tools', 'no-uv');
  const since = (await stat(refused).catch(() => undefined))?.mtimeMs ?? 0;
  if (args.includes('--no-index') || Date.now() - since < retryAfter) return undefined;
  await mkdir(join(cache, 'tools'), { recursive: true });
  const temporary = `${folder}.${process.pid}`;
  const quick = ['--retries', '0', '--timeout', '10', '--no-deps', '--only-binary', ':all:'];
  const { code } = await run(
    pipCommand(home, 'install', '--progress-bar', 'off', ...quick, '--target', temporary, uvRequirement),
  );
  try {
    if (code !== 0) {
      await writeFile(refused, '');
      return undefined;
    }
    // Another process may have installed it meanwhile.
    await rename(temporary, folder).catch(() => {});
    return (await isExecutable(fetched)) ? fetched : undefined;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
