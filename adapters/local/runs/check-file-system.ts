/** Checks that the file system of a project supports runs: hard links, permissions, renaming. */
import { chmod, link, mkdtemp, open, rename, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Unreachable } from '../../../core/errors/errors.ts';

type Step = [what: string, take: (folder: string) => Promise<unknown>];

/** What runs need: hard links for locks, synchronous writes for records, permissions for copied code. */
const steps: Step[] = [
  [
    'synchronous writes',
    async (folder) => {
      await using file = await open(join(folder, 'file'), 'wx');
      await file.write('x');
      await file.datasync();
    },
  ],
  ['hard links', (folder) => link(join(folder, 'file'), join(folder, 'link'))],
  ['symbolic links', (folder) => symlink('file', join(folder, 'symlink'))],
  ['file permissions', (folder) => chmod(join(folder, 'file'), 0o600)],
  ['renaming', (folder) => rename(join(folder, 'file'), join(folder, 'link'))],
];

/**
 * Tries each in `<project>/.gcd`, or in the project folder if that does not exist; leaves nothing behind.
 * @param tried replaces the steps in tests
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
    throw new Unreachable(`runs are stored in ${gcd}, which cannot be written (${codeOf(error)})`, {
      hint: 'Copy the project to a folder with write access, and start it there; the data may stay where it is.',
      cause: error,
    });
  }
  try {
    for (const [what, take] of tried)
      try {
        await take(folder);
      } catch (error) {
        throw new Unreachable(
          `runs are stored in ${gcd}, whose file system does not support ${what} (${codeOf(error)})`,
          {
            hint: `This is typical of exFAT, FAT and some network drives. Copy the project to a local disk, such as ${join('~', 'project')}; the data may stay where it is.`,
            cause: error,
          },
        );
      }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);
