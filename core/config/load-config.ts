/** Reads a project's configuration. */
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isMap, LineCounter, parseDocument } from 'yaml';
import { ConfigInvalid, UsageError } from '../errors/errors.ts';
import type { Config } from './config.ts';
import { dataKeys } from './data-keys.ts';
import { readConfig } from './read-file.ts';
import { configSchema, type RawConfig } from './schema/schema.ts';
import { normalise } from './to-config.ts';
import { valueMistakes } from './validate.ts';
import { explainSyntax, isFatal } from './yaml-errors.ts';
import { type Mistake, type Tree, toTree } from './yaml-tree.ts';

const maxShown = 30;

/**
 * Reads config.yaml (or config.yml) of a project.
 * @param projectDir - project folder, absolute or relative to the current folder
 * @throws ProjectInvalid when the folder or the file is missing
 * @throws ConfigInvalid with a line for every mistake: `config.yaml:LINE:COLUMN: what, and how to fix it`
 */
export async function loadConfig(projectDir: string): Promise<Config> {
  const folder = resolve(projectDir);
  const { name, source } = await readConfig(folder);
  const lines = new LineCounter();
  const { mistakes, raw, tree } = parseConfig(source, lines);
  if (raw && (await isAmbiguous(raw.data_bucket, folder))) {
    const message = `data_bucket is ambiguous, a bucket or the folder ${raw.data_bucket}: write s3://${raw.data_bucket} or ./${raw.data_bucket}`;
    mistakes.push({ offset: tree.offsetOf(['data_bucket']), message });
  }
  if (mistakes.length > 0 || !raw) throw new ConfigInvalid(listed(mistakes, name, lines).join('\n'));
  const config = normalise(raw, Object.keys(tree.value as object), folder);
  const { defaultProcessFiles: names } = config;
  return { ...config, defaultProcessFiles: keysIfThere(names, config, folder) };
}

/** Names outside the data location stay as they are: planning reports them. */
function keysIfThere(names: string[], config: Config, folder: string): string[] {
  return names.flatMap((name) => {
    try {
      return dataKeys([name], config, [folder], 'default_process_files');
    } catch (error) {
      if (error instanceof UsageError) return name;
      throw error;
    }
  });
}

interface Parsed {
  mistakes: Mistake[];
  raw: RawConfig | undefined;
  tree: Tree;
}

function parseConfig(source: string, lineCounter: LineCounter): Parsed {
  // uniqueKeys off: toTree reports duplicates with a better message.
  const document = parseDocument(source, { lineCounter, prettyErrors: false, uniqueKeys: false });
  const complaints = [
    ...document.errors,
    ...document.warnings.filter(({ code }) => code === 'TAG_RESOLVE_FAILED'),
  ];
  const syntax = complaints.map((error) => ({ offset: error.pos[0], message: explainSyntax(error) }));
  const tree = toTree(document, configSchema);
  if (complaints.some(isFatal)) return { mistakes: syntax, raw: undefined, tree };
  if (!isMap(document.contents)) {
    const message = document.contents
      ? 'the file must be a mapping: lines such as "data_bucket: ./data", with a space after the colon'
      : 'the file is empty: it needs at least a line such as "data_bucket: ./data"';
    return {
      mistakes: [...syntax, { offset: document.contents?.range[0] ?? 0, message }],
      raw: undefined,
      tree,
    };
  }
  if (tree.value === undefined) return { mistakes: [...syntax, ...tree.mistakes], raw: undefined, tree };
  const { mistakes, raw } = valueMistakes(tree);
  const lineOf = ({ offset }: Mistake) => lineCounter.linePos(offset).line;
  const broken = new Set(syntax.map(lineOf));
  const rest = [...tree.mistakes, ...mistakes].filter((mistake) => !broken.has(lineOf(mistake)));
  return { mistakes: [...syntax, ...rest], raw, tree };
}

/** A bare name that could be a bucket, while the project has a folder of that name. */
async function isAmbiguous(dataBucket: string, folder: string): Promise<boolean> {
  if (/[/~]/.test(dataBucket) || dataBucket.startsWith('.')) return false;
  const found = await stat(join(folder, dataBucket)).catch(() => null);
  return found?.isDirectory() ?? false;
}

/** One line for each place, in the order of the file. */
export function listed(mistakes: Mistake[], name: string, lines: LineCounter): string[] {
  const first = new Map<number, Mistake>();
  for (const mistake of mistakes) if (!first.has(mistake.offset)) first.set(mistake.offset, mistake);
  const inOrder = [...first.values()].sort((a, b) => a.offset - b.offset);
  const shown = inOrder.slice(0, maxShown).map(({ offset, message }) => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line || 1}:${col || 1}: ${message}`;
  });
  return inOrder.length > maxShown ? [...shown, `and ${inOrder.length - maxShown} more`] : shown;
}
