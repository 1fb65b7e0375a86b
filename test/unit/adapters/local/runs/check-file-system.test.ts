/** Disks that cannot hold runs are told before a run, and in its beginning. */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { checkPlaceForRuns } from '../../../../../adapters/local/runs/check-file-system.ts';
import { Unreachable } from '../../../../../core/errors/errors.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'gcd-place-'));
  folders.push(made);
  return made;
}

test('a usual disk will do, and nothing is left on it', async () => {
  const project = folder();
  await checkPlaceForRuns(project);
  expect(readdirSync(project)).toEqual([]);
  mkdirSync(join(project, '.gcd'));
  await checkPlaceForRuns(project);
  expect(readdirSync(join(project, '.gcd'))).toEqual([]);
});

test.each(['EPERM', 'ENOTSUP', 'EINVAL'])(
  'one that answers %s to what a run needs is named with its reason',
  async (code) => {
    const project = folder();
    const refuse = async () => Promise.reject(Object.assign(new Error(code), { code }));
    const refused = await checkPlaceForRuns(project, [['hard links', refuse]]).catch((error) => error);
    expect(refused).toBeInstanceOf(Unreachable);
    expect(refused.message).toBe(
      `runs are stored in ${join(project, '.gcd')}, whose file system does not support hard links (${code})`,
    );
    expect(refused.hint).toContain('exFAT');
    expect(readdirSync(project)).toEqual([]);
  },
);

test('a folder that cannot be written is named', async () => {
  const project = folder();
  chmodSync(project, 0o555);
  // Nothing keeps root from writing there.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.(65534);
  const refused = checkPlaceForRuns(project).finally(() => isRoot && process.seteuid?.(0));
  await expect(refused).rejects.toThrow(
    `runs are stored in ${join(project, '.gcd')}, which cannot be written (EACCES)`,
  );
});
