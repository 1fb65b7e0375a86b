/** The origin of a project's git clone, which all clones share. Read from files, without git. */
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';

/**
 * The address of the remote `origin` and the folder's path in the clone, such as `github.com/lab/studies/solar`; equal for
 * all protocols, and without credentials.
 * @param project absolute path
 * @returns null outside of a clone, or without a remote
 */
export async function originOf(project: string): Promise<string | null> {
  for (let folder = project; ; folder = dirname(folder)) {
    const config = await gitConfig(join(folder, '.git'));
    if (config !== undefined) {
      const url = /^\s*\[remote "origin"\][^[]*?^\s*url\s*=\s*(.+?)\s*$/ms.exec(config)?.[1];
      if (url === undefined) return null;
      return [plain(url, folder), ...relative(folder, project).split(sep)].filter(Boolean).join('/');
    }
    if (dirname(folder) === folder) return null;
  }
}

/** The git configuration of a clone, worktree or submodule; undefined for other folders. */
async function gitConfig(git: string): Promise<string | undefined> {
  const found = await stat(git).catch(() => undefined);
  if (!found) return undefined;
  let folder = git;
  if (found.isFile()) {
    const link = /^gitdir:\s*(.+?)\s*$/m.exec(await text(git))?.[1];
    if (link === undefined) return undefined;
    folder = resolve(dirname(git), link);
    folder = resolve(folder, (await text(join(folder, 'commondir'))).trim());
  }
  return text(join(folder, 'config'));
}

const text = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');

/** `https://me:token@github.com/a/b.git`, `git@github.com:a/b` and `ssh://git@github.com:22/a/b` are equal. */
function plain(url: string, clone: string): string {
  const [, host = '', path = ''] =
    /^[a-z+]+:\/\/(?:[^/@]*@)?([^/:]+)(?::\d+)?\/(.*)$/i.exec(url) ??
    /^(?:[^/@:]*@)?([^/:]{2,}):(?!\/\/|\\)(.*)$/.exec(url) ??
    [];
  if (host === '') return resolve(clone, url);
  return `${host.toLowerCase()}/${path.replace(/^\/+|\/+$|(\.git)?\/*$/g, '')}`;
}
