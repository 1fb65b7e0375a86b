/** Which files of a project go into no image: what mostly holds secrets, and what `.gcdignore` says. */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import ignore from 'ignore';

/** In the project folder, with the syntax of .gitignore; one line can also take back one of the list below. */
export const ignoreFile = '.gcdignore';
/** Holds access keys, and is for this machine alone: nothing takes it back. */
const keysFile = '.env';

/** What programs call files with keys and passwords, and folders that are of no use on another machine. */
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
  /** Why a path is left out; undefined: it is taken. @param path below the project; with a slash behind it for a folder */
  why(path: string): Why | undefined;
  /** Whether a path is on the list of secrets, and taken all the same, because .gcdignore says so. */
  isTakenBack(path: string): boolean;
  /** The same list for what lies elsewhere. @param path absolute */
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

/** Nothing is left out. */
export const nothingLeftOut: LeftOut = {
  why: () => undefined,
  isTakenBack: () => false,
  isSecret: () => false,
};
