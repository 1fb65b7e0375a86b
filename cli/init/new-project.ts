/** Creates a project folder, from the minimal template or from an example. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { closest } from 'fastest-levenshtein';
import { templateFiles, templates } from '../../adapters/local/project/templates.ts';
import { type NewFile, placeFiles } from '../../adapters/local/project/write-files.ts';
import { UsageError } from '../../core/errors/errors.ts';
import { plural } from '../../core/format/numbers.ts';
import { shellPath, shownPath } from '../terminal/paths.ts';
import { minimalFiles, schemaAddress } from './minimal-template.ts';

/** Name of the default template. */
export const plain = 'minimal';

/** @param folder absolute path */
export async function newProject(folder: string, template: string, dryRun: boolean): Promise<void> {
  const files = await filesOf(template, basename(folder));
  if (!dryRun) await placeFiles(folder, files);
  const code = files.filter(({ path }) => !path.includes('/')).map(({ path }) => path);
  const rest = files.length - code.length;
  console.log(
    `${dryRun ? 'would create' : 'created'} ${shownPath(folder)}: ${code.join(', ')} and ${plural(rest, 'file')} in folders`,
  );
  if (!dryRun) console.log(`run it: gcd-sfn start --project ${shellPath(folder)}`);
}

async function filesOf(template: string, project: string): Promise<NewFile[]> {
  if (template === plain) return minimalFiles(project);
  const names = [plain, ...(await templates()).map(({ name }) => name)];
  if (!names.includes(template))
    throw new UsageError(`there is no template '${template}'`, {
      hint: `Did you mean \`${closest(template.toLowerCase(), names)}\`? There are: ${names.join(', ')}.`,
    });
  return Promise.all((await templateFiles(template)).map(withAddress));
}

/** Examples refer to the schema by a relative path; a copy needs its URL. */
async function withAddress(file: NewFile): Promise<NewFile> {
  if (!/^config\.ya?ml$/.test(file.path) || typeof file.content === 'string') return file;
  const text = await readFile(file.content.copyOf, 'utf8');
  return { ...file, content: text.replace(/^(# yaml-language-server: \$schema=).*/m, `$1${schemaAddress}`) };
}

/** Prints a line for each template. */
export async function listTemplates(): Promise<void> {
  const all = [
    { name: plain, about: 'Mean and maximum of each column; the default' },
    ...(await templates()),
  ];
  const width = Math.max(...all.map(({ name }) => name.length));
  for (const { name, about } of all) console.log(`${name.padEnd(width)}  ${about}`);
}
