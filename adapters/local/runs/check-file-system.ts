/** Whether a disk can hold runs: some take no links, no rights or no writing at all. */
import { chmod, link, mkdtemp, open, rename, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Unreachable } from '../../../core/errors/errors.ts';

type Step = [what: string, take: (folder: string) => Promise<unknown>];

/** What runs do to files: a lock is a link that appears whole, records are written through to the disk, code is copied with its rights. */
const steps: Step[] = [
  [
    'files that are written through',
    async (folder) => {
      await using file = await open(join(folder, 'file'), 'wx');
      await file.write('x');
      await file.datasync();
    },
  ],
  ['hard links', (folder) => link(join(folder, 'file'), join(folder, 'link'))],
  ['symbolic links', (folder) => symlink('file', join(folder, 'symlink'))],
  ['rights of files', (folder) => chmod(join(folder, 'file'), 0o600)],
  ['renaming', (folder) => rename(join(folder, 'file'), join(folder, 'link'))],
];

/**
 * Tries in `<project>/.gcd`, or in the project folder as long as there is none; nothing is left behind.
 * @param tried for tests
 * @throws Unreachable
 */
export async function checkPlaceForRuns(project: string, tried: Step[] = steps): Promise<void> {
  const gcd = join(project, '.gcd');
  const there = await stat(gcd).catch(() => undefined);
  const at = there ? gcd : project;
  let folder: string;
  try {
    folder = await mkdtemp(join(at, '.gcd-try-'));
  } catch (error) {
    throw new Unreachable(`runs are kept in ${gcd}, and nothing can be written there (${codeOf(error)})`, {
      hint: 'Copy the project to a folder of your own, and start it there; data_bucket may stay where it is.',
      cause: error,
    });
  }
  try {
    for (const [what, take] of tried)
      try {
        await take(folder);
      } catch (error) {
        throw new Unreachable(
          `runs are kept in ${gcd}, and its disk does not know ${what} (${codeOf(error)})`,
          {
            hint: `Such are exFAT, FAT and some network drives. Copy the project to a disk of this machine, such as ${join('~', 'project')}; data_bucket may stay where it is.`,
            cause: error,
          },
        );
      }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);
