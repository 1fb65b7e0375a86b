/** Files of a project that are excluded from its image: likely secrets, and the patterns of `.gcdignore`. */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import ignore from 'ignore';

/** In the project folder, with the syntax of .gitignore; `!` also includes a file of the list below. */
export const ignoreFile = '.gcdignore';
/** Has access keys for this machine: always excluded. */
const keysFile = '.env';

/** Usual names of files with keys and passwords, and folders that are useless on another machine. */
const secrets = [
  ...['.env*', '!.env.example', '!.env.sample', '!.env.template', '.envrc'],
  ...['*.pem', '*.ppk', '*.p12', '*.pfx', '*.jks', '*.keystore', '*.kdbx'],
  ...['id_rsa', 'id_dsa', 'id_ecdsa', 'id_ecdsa_sk', 'id_ed25519', 'id_ed25519_sk'],
  ...[
    '.netrc',
    '_netrc',
    '.npmrc',
    '.yarnrc',
    '.yarnrc.yml',
    '.pypirc',
    '.pgpass',
    '.my.cnf',
    '.boto',
    '.s3cfg',
  ],
  ...[
    '.git-credentials',
    '.htpasswd',
    '.dockercfg',
    '.docker/config.json',
    '.config/gcloud/',
    '.cargo/credentials*',
  ],
  ...['.aws/', '.azure/', '.ssh/', '.gnupg/', '.kube/', '.venv/'],
];

export type Why = 'secret' | 'ignored';

export interface LeftOut {
  /** Why a path is excluded; undefined if it is included. @param path relative to the project; a folder ends with a slash */
  why(path: string): Why | undefined;
  /** Whether .gcdignore includes a path that is on the list of secrets. */
  isTakenBack(path: string): boolean;
  /** Whether a file outside the project is on the list of secrets. @param path absolute */
  isSecret(path: string): boolean;
}

/** @param project absolute path */
export async function leftOutOf(project: string): Promise<LeftOut> {
  const own = await readFile(join(project, ignoreFile), 'utf8').catch(() => '');
  const listed = ignore.default().add(secrets);
  const all = ignore.default().add(secrets).add(own);
  return {
    why: (path) => {
      if (basename(path) === keysFile && !path.endsWith('/')) return 'secret';
      if (!all.ignores(path)) return undefined;
      return listed.ignores(path) ? 'secret' : 'ignored';
    },
    isTakenBack: (path) => listed.ignores(path) && !all.ignores(path),
    isSecret: (path) => listed.ignores(path.replace(/^\/+/, '')),
  };
}

/** Excludes nothing. */
export const nothingLeftOut: LeftOut = {
  why: () => undefined,
  isTakenBack: () => false,
  isSecret: () => false,
};
