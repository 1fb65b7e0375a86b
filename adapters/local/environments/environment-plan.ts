/** What to install for a project, and the key of the environment in the cache. */
import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import type { Chosen } from './python/choose-python.ts';
import { addFingerprint } from './requirements/fingerprint.ts';
import { importedModules, isImported } from './requirements/imported-modules.ts';
import { addMetadata, contentOf, isLocal, type LocalEntry } from './requirements/local-packages.ts';
import { readPyproject } from './requirements/pyproject.ts';
import { readRequirements } from './requirements/read-requirements.ts';
import { type Entry, isUnpinned, parseNamed, type Requirements } from './requirements/requirement.ts';

export interface Plan {
  interpreter: Chosen;
  /** Requirements for pip; empty if the interpreter alone is enough. Fenced entries may be relaxed. */
  entries: Entry[];
  /** Those that are folders of the project: they are installed on top of the base environment. */
  locals: LocalEntry[];
  /** Cache key of the base environment, with all packages except the local ones. */
  base: string;
  /** Cache key of the environment: equal for projects that need the same packages. `base` without local packages. */
  key: string;
  /** Names of the predecessor's server packages that were left out. */
  leftOut: string[];
  /** `requires-python` of pyproject.toml. */
  requiresPython?: string;
}

/** Part of every key: increment it when environments are created differently. */
const format = 3;

/**
 * The requirements without the predecessor's server packages that the project does not import.
 * @throws ProjectInvalid if requirements.txt refers to a missing file
 */
export async function neededRequirements(project: string): Promise<Requirements & { leftOut: string[] }> {
  const { entries, attached } = await readRequirements(project);
  const servers = entries.filter(({ fenced, text }) => fenced && parseNamed(text) !== undefined);
  const imported = servers.length > 0 ? await importedModules(project) : new Set<string>();
  const unused = new Set(servers.filter(({ text }) => !isImported(parseNamed(text)!.name, imported)));
  const leftOut = [...unused].map(({ text }) => parseNamed(text)!.name);
  return { entries: entries.filter((entry) => !unused.has(entry)), attached, leftOut };
}

/**
 * @param project absolute path of the project folder
 * @throws ProjectInvalid if requirements.txt refers to a missing file
 */
export async function makePlan(project: string, interpreter: Chosen): Promise<Plan> {
  const { entries: kept, attached, leftOut } = await neededRequirements(project);
  // An invalid pyproject.toml matters only if it has the list of packages.
  const pyproject = await readPyproject(project).catch(() => undefined);
  const { requiresPython } = pyproject ?? {};
  const common = { interpreter, leftOut, ...(requiresPython !== undefined && { requiresPython }) };
  if (!kept.some(({ isPackage }) => isPackage))
    return { ...common, entries: [], locals: [], base: '', key: '' };

  const locals = kept.filter(isLocal);
  const folders = new Set(locals.map(({ local }) => local));
  const hash = createHash('sha256');
  const { version, implementation, platform, base } = interpreter;
  // Copies of a project at different paths share an environment.
  const lines = kept.map(({ text, fenced }) => [
    text.replaceAll(project, '.'),
    fenced && parseNamed(text) !== undefined,
  ]);
  hash.update(JSON.stringify([format, version, implementation, platform, base, lines]));
  for (const path of attached) {
    const add = folders.has(path) ? addMetadata : addFingerprint;
    await add(hash, relative(project, path), path);
  }
  const name = `py${version}-${hash.digest('hex').slice(0, 32)}`;
  const top = locals.length > 0 ? `-${(await contentOf(locals, project)).slice(0, 16)}` : '';
  return { ...common, entries: kept, locals, base: name, key: `${name}${top}` };
}

const day = 24 * 3600 * 1000;

/** Tells the age of an environment where newer packages may exist. @param installedAt milliseconds since 1970 */
export function ageNotice({ entries }: Plan, installedAt: number | undefined, now = Date.now()): string[] {
  if (installedAt === undefined || now - installedAt < day || !entries.some(isUnpinned)) return [];
  const date = new Date(installedAt).toISOString().slice(0, 10);
  return [`packages are those of ${date}; --renew-packages installs what has come out since`];
}
