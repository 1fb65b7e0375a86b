/** What an image takes of a project: looked at before anything is made, and told. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Taken, takenOf } from '../../adapters/local/image-source/image-source.ts';
import type { Config } from '../../core/config/config.ts';
import { freezeFor } from '../../runs/begin-run.ts';
import { bytes } from '../view/bytes.ts';
import { color } from '../view/color.ts';
import { neutral } from '../view/neutral.ts';
import { count } from '../view/units.ts';

/**
 * What would be taken of a project as it is now. Nothing is left behind.
 * @param asked with the absolute path of the project
 * @throws ProjectInvalid when a link leads out of it and is not to be followed
 */
export async function lookAtTaken(asked: { project: string; config: Config }): Promise<Taken> {
  const folder = await mkdtemp(join(tmpdir(), 'gcd-sfn-'));
  try {
    const { path } = await freezeFor({ folder }, asked);
    const { solverLicenceFile: licence, followLinks = [] } = asked.config;
    return (await takenOf({ project: path, licence, followLinks })).taken;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const shown = 8;

/** Some lines: how much, what is left out, what comes from outside of the project. */
export function showTaken(
  { files, bytes: size, leftOut, takenBack, outside, licences }: Taken,
  config: Pick<Config, 'solverLicenceFile'>,
  print: (line: string) => void = (line) => console.error(line),
): void {
  const row = (name: string, text: string) => print(`  ${color.dim(name.padEnd(8))} ${text}`);
  row('image', `takes ${count(files, 'file')} of the project, ${bytes(size)}`);
  const list = (before: string, paths: string[]) => {
    if (paths.length === 0) return;
    const more = paths.length > shown ? `, and ${paths.length - shown} more` : '';
    row('', `${before}: ${paths.slice(0, shown).map(neutral).join(', ')}${more}`);
  };
  const because = (wanted: string) => leftOut.filter(({ why }) => why === wanted).map(({ path }) => path);
  list('not what mostly holds secrets', because('secret'));
  list('not what .gcdignore names', because('ignored'));
  list('not the licence', licences);
  list('what mostly holds secrets, as .gcdignore takes it back', takenBack);
  for (const { path, target, files: its, bytes: theirs } of outside)
    row(
      '',
      neutral(`from outside: ${path}, which leads to ${target}: ${count(its, 'file')}, ${bytes(theirs)}`),
    );
  if (config.solverLicenceFile !== null)
    row('licence', neutral(`${config.solverLicenceFile}, handed to the workers`));
}
