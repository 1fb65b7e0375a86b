/** What pyproject.toml says of a project: its packages, and the Python that it is for. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, TomlError } from 'smol-toml';
import { ProjectInvalid } from '../../../../core/errors/errors.ts';
import type { Requirements } from './requirement.ts';

export interface Pyproject {
  /** Packages and their lines in the file; undefined where it has none, or leaves them to a build tool. */
  dependencies?: { text: string; line: number }[];
  /** E.g. `>=3.10`. */
  requiresPython?: string;
  /** Whether it is a package with its modules in `src/`, where only an installation finds them. */
  isPackage: boolean;
}

const file = 'pyproject.toml';

/**
 * @param project absolute path of the project folder
 * @returns undefined when there is no such file
 * @throws ProjectInvalid when it is no TOML
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

/** Its packages in the form of a requirements file; of a package, the package itself, which asks for the rest. */
export async function requirementsOfPyproject(project: string): Promise<Requirements> {
  const found = await readPyproject(project);
  const entry = { file, line: 1, asks: true, fenced: false };
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
    throw new ProjectInvalid(`${file}, line ${error.line}: this is not TOML: ${why}`, {
      hint: `Correct it, or write the packages into a requirements.txt: then ${file} is not read for them.`,
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
