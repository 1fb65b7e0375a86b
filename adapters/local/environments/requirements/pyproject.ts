/** Reads dependencies and `requires-python` of pyproject.toml. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, TomlError } from 'smol-toml';
import { ProjectInvalid } from '../../../../core/errors/errors.ts';
import type { Requirements } from './requirement.ts';

export interface Pyproject {
  /** Dependencies and their line numbers; undefined without a static list. */
  dependencies?: { text: string; line: number }[];
  /** E.g. `>=3.10`. */
  requiresPython?: string;
  /** Whether it is a package with modules in `src/`, which must be installed to be importable. */
  isPackage: boolean;
}

const file = 'pyproject.toml';

/**
 * @param project absolute path of the project folder
 * @returns undefined if there is no such file
 * @throws ProjectInvalid if it is not TOML
 */
export async function readPyproject(project: string): Promise<Pyproject | undefined> {
  const text = await readFile(join(project, file), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { project: table, 'build-system': tool } = parsed(text);
  const { dependencies, 'requires-python': requiresPython } = isTable(table) ? table : {};
  const asked = Array.isArray(dependencies) ? dependencies.filter((one) => typeof one === 'string') : [];
  const isPackage = isTable(tool) && isTable(table) && (await isFolder(join(project, 'src')));
  return {
    ...(Array.isArray(dependencies) && {
      dependencies: asked.map((one) => ({ text: one, line: lineOf(text, one) })),
    }),
    ...(typeof requiresPython === 'string' && { requiresPython }),
    isPackage,
  };
}

/** The requirements of pyproject.toml: the package itself if it is one, else its dependencies. */
export async function requirementsOfPyproject(project: string): Promise<Requirements> {
  const found = await readPyproject(project);
  const entry = { file, line: 1, isPackage: true, fenced: false };
  if (found?.isPackage)
    return { entries: [{ ...entry, text: project, local: project }], attached: [project] };
  return { entries: (found?.dependencies ?? []).map((one) => ({ ...entry, ...one })), attached: [] };
}

function parsed(text: string): Record<string, unknown> {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [why = ''] = error.message.replace(/^Invalid TOML document: /, '').split('\n');
    throw new ProjectInvalid(`${file}, line ${error.line}: not valid TOML: ${why}`, {
      hint: `Correct it, or list the packages in a requirements.txt, which is used instead of ${file}.`,
    });
  }
}

const isTable = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

function lineOf(text: string, one: string): number {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => line.includes(`"${one}"`) || line.includes(`'${one}'`));
  return at < 0 ? 1 : at + 1;
}
