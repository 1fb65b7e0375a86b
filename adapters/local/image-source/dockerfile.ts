/** How the project's own image is built: by its Dockerfile, by what its predecessor's becomes, or by one that is made here. */

import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { ProjectInvalid } from '../../../core/errors/errors.ts';
import { plural } from '../../../core/format/numbers.ts';
import { neededRequirements } from '../environments/environment-plan.ts';
import { pinOf, versionOf } from '../environments/python/python-version-file.ts';
import {
  type FencedPackage,
  fencedPackages,
  requirementsText,
} from '../environments/requirements/relax-versions.ts';
import { textEntry } from './collect-files.ts';
import type { ZipEntry } from './zip.ts';

/** Says what a Dockerfile of the predecessor becomes; undefined when it is none. */
export type MigrateDockerfile = (text: string) => { text: string; changes: string[] } | undefined;

export interface Recipe {
  /** Files of the project's folder that are made here, in place of its own of that name. */
  files: ZipEntry[];
  /** Lines for the user. */
  notices: string[];
}

/** Docker Hub slows down who asks often from one address, as builds in the cloud do. */
const registry = 'public.ecr.aws/docker/library';
const usualPython = '3.12';
/** Where the files lie while packages are installed. */
const place = '/tmp/gcd-sfn';
const folder = '.gcd-sfn-image';

/**
 * @param project absolute path of the frozen project
 * @param python what `python:` in config.yaml says
 * @throws ProjectInvalid when requirements.txt refers to what is not in the folder
 */
export async function recipeOf(
  project: string,
  python: string | null,
  migrate: MigrateDockerfile,
): Promise<Recipe> {
  const own = await readFile(join(project, 'Dockerfile'), 'utf8').catch(() => undefined);
  const migrated = own === undefined ? undefined : migrate(own);
  if (own !== undefined && !migrated) return { files: [], notices: [] };
  const needed = await neededRequirements(project);
  const notices = leftOutNotice(needed.leftOut);
  if (!migrated) return { files: await defaultFiles(project, python, needed), notices };
  notices.push(`Dockerfile: ${migrated.changes.join('; ')} (gcd-sfn init --migrate writes it down)`);
  const files = [textEntry('Dockerfile', migrated.text)];
  if (needed.leftOut.length > 0) {
    const lines = needed.entries.map(({ text }) => text.replaceAll(`${project}/`, './'));
    files.push(textEntry('requirements.txt', `${lines.join('\n')}\n`));
  }
  return { files, notices };
}

/** The tag of the official image. */
export function pythonTag(python: string | null): string {
  const [, version] = /^(?:python)?(3\.\d+(?:\.\d+)?)$/.exec(python ?? '') ?? [];
  return `${version ?? usualPython}-slim`;
}

/** The minor version that `.python-version` asks for, as on the user's machine; not every patch has an image. */
async function pinned(project: string): Promise<string | null> {
  const pin = await pinOf(project, {});
  const [, minor] = /^(3\.\d+)/.exec(pin?.names.map(versionOf).find((one) => one !== undefined) ?? '') ?? [];
  return minor ?? null;
}

type Needed = Awaited<ReturnType<typeof neededRequirements>>;

async function defaultFiles(
  project: string,
  python: string | null,
  { entries, attached }: Needed,
): Promise<ZipEntry[]> {
  const lines = [`FROM ${registry}/python:${pythonTag(python ?? (await pinned(project)))}`];
  const files: ZipEntry[] = [];
  if (entries.some(({ isPackage }) => isPackage)) {
    const moved = entries.map((entry) => ({ ...entry, text: entry.text.replaceAll(project, place) }));
    if (moved.some(({ text }) => text.includes('git+')))
      lines.push(
        'RUN apt-get update && apt-get install --yes --no-install-recommends git && rm -rf /var/lib/apt/lists/*',
      );
    for (const path of attached) {
      const inside = relative(project, path);
      if (inside.startsWith('..'))
        throw new ProjectInvalid(`requirements.txt refers to ${path}, which is not in the project folder`, {
          hint: 'What it refers to must lie in the project folder: it is taken along to the image.',
        });
      lines.push(`COPY ${JSON.stringify([inside || '.', `${place}/${inside}`])}`);
    }
    const pinned = fencedPackages(moved);
    files.push(textEntry(`${folder}/requirements.txt`, requirementsText(moved, pinned)));
    lines.push(`COPY ${folder}/ ${place}/${folder}/`);
    const install = (name: string) => `pip install --no-cache-dir -r ${place}/${folder}/${name}`;
    let command = install('requirements.txt');
    if (pinned.size > 0) {
      // The predecessor's pins may have no build for this Python.
      files.push(textEntry(`${folder}/relaxed.txt`, requirementsText(moved, relaxed(pinned))));
      command = `${command} \\\n  || ${install('relaxed.txt')}`;
    }
    lines.push(`WORKDIR ${place}`, `RUN ${command}`);
  }
  return [...files, textEntry('Dockerfile', `${lines.join('\n')}\n`)];
}

const relaxed = (fenced: Map<string, FencedPackage>) =>
  new Map([...fenced].map(([name, one]): [string, FencedPackage] => [name, { ...one, step: 'relaxed' }]));

function leftOutNotice(leftOut: string[]): string[] {
  if (leftOut.length === 0) return [];
  const few = leftOut.length > 3 ? `${leftOut.slice(0, 2).join(', ')}, …` : leftOut.join(', ');
  return [
    `requirements.txt: left out ${plural(leftOut.length, 'server package')} of the predecessor (${few})`,
  ];
}
