/** Writes the tree of folders in docs/architecture.md from docs/tree.yaml: node scripts/tree-page.ts */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = join(root, 'docs/architecture.md');

/** Folders with all their subfolders, except the tests, which CONTRIBUTING.md describes. */
const tops = [
  ...['core', 'ports', 'functions', 'runs', 'adapters', 'cli', 'worker/gcd_worker'],
  ...['state-machines', 'stack', 'buildspecs', 'scripts', 'bin'],
];
const isSource = (name: string) => /\.(ts|js|mjs|cjs|py|ya?ml)$/.test(name);

interface Tree {
  /** One line per folder. */
  folders: Record<string, string>;
  /** Why a folder has more than 15 files. */
  many: Record<string, string>;
}

export const readTree = (): Tree => parse(readFileSync(join(root, 'docs/tree.yaml'), 'utf8'));

/** Number of source files of each folder that has some, in itself or below. */
export function sourceFolders(): Map<string, number> {
  const found = new Map<string, number>();
  const visit = (folder: string): boolean => {
    const entries = readdirSync(join(root, folder), { withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && isSource(entry.name)).length;
    const below = entries
      .filter((entry) => entry.isDirectory() && !/^(__pycache__|node_modules|importable)$/.test(entry.name))
      .map(({ name }) => visit(join(folder, name)));
    const hasSources = files > 0 || below.includes(true);
    if (hasSources) found.set(folder, files);
    return hasSources;
  };
  for (const top of tops) visit(top);
  found.set('test', 0);
  return found;
}

/** The tree as text: a line per folder, indented below its parent, in the order of the table. */
export function treeText({ folders }: Tree): string {
  const lines: [left: string, line: string][] = [];
  const add = (folder: string, depth: number) => {
    const parent = folders[dirname(folder)] === undefined ? folder : folder.slice(dirname(folder).length + 1);
    lines.push([`${'  '.repeat(depth)}${parent}/`, folders[folder] ?? '']);
    for (const other of Object.keys(folders)) if (dirname(other) === folder) add(other, depth + 1);
  };
  for (const folder of Object.keys(folders)) if (folders[dirname(folder)] === undefined) add(folder, 0);
  const width = Math.max(...lines.map(([left]) => left.length)) + 2;
  return lines.map(([left, line]) => `${left.padEnd(width)}${line}`).join('\n');
}

const section = /(<!-- tree: scripts\/tree-page\.ts -->\n)[\s\S]*?(\n<!-- end of tree -->)/;

/** docs/architecture.md with the current tree. */
export function pageWithTree(): string {
  const text = readFileSync(page, 'utf8');
  if (!section.test(text)) throw new Error('docs/architecture.md has no place for the tree');
  return text.replace(section, `$1\`\`\`\n${treeText(readTree())}\n\`\`\`$2`);
}

if (import.meta.main) writeFileSync(page, pageWithTree());
