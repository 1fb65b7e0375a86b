/** The examples of the package, as templates for new projects. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { assetPath } from '../assets.ts';
import type { NewFile } from './write-files.ts';

export interface Template {
  name: string;
  /** The first sentence of its entrypoint.py. */
  about: string;
}

/** Files that runs and editors create in a project. */
const generated = /(^|\/)(results|\.gcd|__pycache__|\.ipynb_checkpoints|\.DS_Store|[^/]*\.pyc)(\/|$)/;

/** All templates, sorted by name. */
export async function templates(): Promise<Template[]> {
  const found = await readdir(assetPath('examples'), { withFileTypes: true });
  const all = found.map(async ({ name }) => {
    const code = await readFile(assetPath('examples', name, 'entrypoint.py'), 'utf8').catch(() => undefined);
    return code === undefined ? [] : [{ name, about: aboutOf(code) }];
  });
  return (await Promise.all(all)).flat().sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The files of a template, without those that runs created. */
export async function templateFiles(name: string): Promise<NewFile[]> {
  const folder = assetPath('examples', name);
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: relative(folder, path), content: { copyOf: path } }))
    .filter(({ path }) => !generated.test(path))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function aboutOf(code: string): string {
  const [, text = ''] = /^(?:#.*\n|\s)*[rR]?"""\s*([\s\S]*?)(?:\.\s|\n\s*\n|""")/.exec(code) ?? [];
  return text.replace(/\s+/g, ' ').replace(/\.$/, '');
}
