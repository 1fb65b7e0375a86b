/** The Dockerfile of the project's image: its own, a migrated one of the predecessor, or a generated one. */
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

/** Migrates a Dockerfile of the predecessor; undefined for other Dockerfiles. */
export type MigrateDockerfile = (text: string) => { text: string; changes: string[] } | undefined;

export interface Recipe {
  /** Generated files; they replace files of the project with the same names. */
  files: ZipEntry[];
  /** Notices for the user. */
  notices: string[];
}

/** Not Docker Hub, which throttles the shared addresses of cloud builds. */
const registry = 'public.ecr.aws/docker/library';
const defaultPython = '3.12';
/** Folder of the files while packages are installed. */
const buildFolder = '/tmp/gcd-sfn';
const folder = '.gcd-sfn-image';

/**
 * @param project absolute path of the frozen project
 * @param python what `python:` in config.yaml says
 * @throws ProjectInvalid if requirements.txt refers to a file outside the folder
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
  notices.push(`Dockerfile: ${migrated.changes.join('; ')} (to save this: gcd-sfn init --migrate)`);
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
  return `${version ?? defaultPython}-slim`;
}

/** The minor version of `.python-version`, as on the user's machine; not every micro version has an image. */
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
    const moved = entries.map((entry) => ({ ...entry, text: entry.text.replaceAll(project, buildFolder) }));
    if (moved.some(({ text }) => text.includes('git+')))
      lines.push(
        'RUN apt-get update && apt-get install --yes --no-install-recommends git && rm -rf /var/lib/apt/lists/*',
      );
    for (const path of attached) {
      const inside = relative(project, path);
      if (inside.startsWith('..'))
        throw new ProjectInvalid(`requirements.txt refers to ${path}, which is outside the project folder`, {
          hint: 'Move it into the project folder, which is copied into the image.',
        });
      lines.push(`COPY ${JSON.stringify([inside || '.', `${buildFolder}/${inside}`])}`);
    }
    const pinned = fencedPackages(moved);
    files.push(textEntry(`${folder}/requirements.txt`, requirementsText(moved, pinned)));
    lines.push(`COPY ${folder}/ ${buildFolder}/${folder}/`);
    const install = (name: string) => `pip install --no-cache-dir -r ${buildFolder}/${folder}/${name}`;
    let command = install('requirements.txt');
    if (pinned.size > 0) {
      // The predecessor's pins may have no wheel for this Python.
      files.push(textEntry(`${folder}/relaxed.txt`, requirementsText(moved, relaxed(pinned))));
      command = `${command} \\\n  || ${install('relaxed.txt')}`;
    }
    lines.push(`WORKDIR ${buildFolder}`, `RUN ${command}`);
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
