/** Finds the modules that a project's code imports. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonical } from './requirement.ts';

/** Modules of distributions with other names than their modules. */
const modulesOf: Record<string, string[]> = {
  beautifulsoup4: ['bs4'],
  'factory-boy': ['factory'],
  'flask-celeryext': ['flask_celeryext'],
  'boto3-stubs': ['mypy_boto3'],
  mosek: ['mosek'],
  'opencv-python': ['cv2'],
  'opencv-python-headless': ['cv2'],
  pillow: ['pil'],
  'psycopg2-binary': ['psycopg2'],
  pyserial: ['serial'],
  'python-dateutil': ['dateutil'],
  'python-dotenv': ['dotenv'],
  pyyaml: ['yaml'],
  'scikit-image': ['skimage'],
  'scikit-learn': ['sklearn'],
  'solar-data-tools': ['solardatatools'],
  'statistical-clear-sky': ['statistical_clear_sky'],
};

/** Whether one of the imported modules belongs to a distribution. */
export function isImported(distribution: string, imported: Set<string>): boolean {
  const name = canonical(distribution);
  return (modulesOf[name] ?? [name.replaceAll('-', '_')]).some((module) => imported.has(module));
}

/**
 * Top-level modules, in lower case, that the Python files below a folder import. Text that only looks like an import
 * counts, too: an unneeded package is cheaper than a failed run.
 */
export async function importedModules(folder: string): Promise<Set<string>> {
  const found = new Set<string>();
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || !entry.name.endsWith('.py') || foreign.test(path.slice(folder.length))) continue;
    for (const module of importsOf(await readFile(path, 'utf8'))) found.add(module);
  }
  return found;
}

const foreign = /\/(\.[^/]*|__pycache__|node_modules|site-packages)\//;

function* importsOf(code: string): Generator<string> {
  const text = code.replace(/\\\r?\n/g, ' ');
  for (const [, names = ''] of text.matchAll(/(?:^|[;:])[ \t]*import[ \t]+([^;#\n]+)/gm))
    for (const name of names.split(',')) yield topLevel(name);
  for (const [, name = ''] of text.matchAll(/(?:^|[;:])[ \t]*from[ \t]+([\w.]+)[ \t]+import\b/gm))
    yield topLevel(name);
  for (const [, name = ''] of text.matchAll(/(?:import_module|__import__)\(\s*['"]([\w.]+)/g))
    yield topLevel(name);
}

const topLevel = (name: string): string => (/^[\w]+/.exec(name.trim())?.[0] ?? '').toLowerCase();
