/** What is to be installed for a project, and the name under which the result is cached. */
import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import type { Chosen } from './python/choose-python.ts';
import { addFingerprint } from './requirements/fingerprint.ts';
import { importedModules, isImported } from './requirements/imported-modules.ts';
import { addMetadata, contentOf, isLocal, type LocalEntry } from './requirements/local-packages.ts';
import { readPyproject } from './requirements/pyproject.ts';
import { readRequirements } from './requirements/read-requirements.ts';
import { type Entry, isUnpinned, parsePlain, type Requirements } from './requirements/requirement.ts';

export interface Plan {
  interpreter: Chosen;
  /** What pip is to be given; empty when the interpreter alone will do. Fenced entries may be relaxed. */
  entries: Entry[];
  /** Those of them that are folders of the project: they come on top of the environment with everything else. */
  locals: LocalEntry[];
  /** Name in the cache of the environment with all packages but the local ones. */
  base: string;
  /** Name of the environment in the cache: the same for whatever ends in the same packages. `base` where there is nothing on top. */
  key: string;
  /** Names of the predecessor's server packages that were left out. */
  leftOut: string[];
  /** What pyproject.toml says about the Python. */
  requiresPython?: string;
}

/** Part of every key: to be raised when environments are made differently. */
const format = 3;

/**
 * What requirements.txt asks for, without the predecessor's server packages that the project does not import.
 * @throws ProjectInvalid when requirements.txt refers to what is not there
 */
export async function neededRequirements(project: string): Promise<Requirements & { leftOut: string[] }> {
  const { entries, attached } = await readRequirements(project);
  const servers = entries.filter(({ fenced, text }) => fenced && parsePlain(text) !== undefined);
  const imported = servers.length > 0 ? await importedModules(project) : new Set<string>();
  const unused = new Set(servers.filter(({ text }) => !isImported(parsePlain(text)!.name, imported)));
  const leftOut = [...unused].map(({ text }) => parsePlain(text)!.name);
  return { entries: entries.filter((entry) => !unused.has(entry)), attached, leftOut };
}

/**
 * @param project absolute path of the project folder
 * @throws ProjectInvalid when requirements.txt refers to what is not there
 */
export async function makePlan(project: string, interpreter: Chosen): Promise<Plan> {
  const { entries: kept, attached, leftOut } = await neededRequirements(project);
  // A file that cannot be read matters only where it is the list of packages.
  const pyproject = await readPyproject(project).catch(() => undefined);
  const { requiresPython } = pyproject ?? {};
  const said = { interpreter, leftOut, ...(requiresPython !== undefined && { requiresPython }) };
  if (!kept.some(({ asks }) => asks)) return { ...said, entries: [], locals: [], base: '', key: '' };

  const locals = kept.filter(isLocal);
  const folders = new Set(locals.map(({ local }) => local));
  const hash = createHash('sha256');
  const { version, implementation, platform, base } = interpreter;
  // Copies of a project in different places share an environment.
  const lines = kept.map(({ text, fenced }) => [
    text.replaceAll(project, '.'),
    fenced && parsePlain(text) !== undefined,
  ]);
  hash.update(JSON.stringify([format, version, implementation, platform, base, lines]));
  for (const path of attached) {
    const add = folders.has(path) ? addMetadata : addFingerprint;
    await add(hash, relative(project, path), path);
  }
  const name = `py${version}-${hash.digest('hex').slice(0, 32)}`;
  const top = locals.length > 0 ? `-${(await contentOf(locals, project)).slice(0, 16)}` : '';
  return { ...said, entries: kept, locals, base: name, key: `${name}${top}` };
}

const day = 24 * 3600 * 1000;

/** Tells the age of an environment where newer packages may exist. @param installedAt milliseconds since 1970 */
export function ageNotice({ entries }: Plan, installedAt: number | undefined, now = Date.now()): string[] {
  if (installedAt === undefined || now - installedAt < day || !entries.some(isUnpinned)) return [];
  const date = new Date(installedAt).toISOString().slice(0, 10);
  return [`packages are those of ${date}; --renew-packages installs what has come out since`];
}
