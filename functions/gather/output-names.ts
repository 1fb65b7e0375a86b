/**
 * Names for the files of tasks below `results/files/`: whatever a task, a column or a data file is called, no two files
 * get the same name, none leaves the folder, and the names are good on every system.
 */
import { createHash } from 'node:crypto';

/** Bytes of UTF-8: of one name, of what is kept of a longer one, and of a whole path. */
const longestName = 180;
const keptOfName = 120;
const longestPath = 1000;
/** What systems, shells and addresses take for something else, and what nobody can see. */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}%/\\:*?"<>|]/u;
/** Names that Windows has for devices, with any extension. */
const device = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
/** Python's way to write a byte that is no UTF-8, as a lone surrogate. */
const firstByte = 0xdc00;

/** One name of a path. Different texts give different names, but for those that are cut: these end in a digest. */
export function safeName(text: string): string {
  let name = '';
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    if (code >= firstByte + 0x80 && code <= firstByte + 0xff) name += escaped([code - firstByte]);
    else if (code >= 0xd800 && code <= 0xdfff)
      name += escaped([0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)]);
    else name += unsafe.test(character) ? escaped(Buffer.from(character)) : character;
  }
  if (name === '') return '%';
  if (/^\.+$/.test(name) || device.test(name)) name = escaped(Buffer.from(name[0] as string)) + name.slice(1);
  if (/[. ]$/.test(name)) name = name.slice(0, -1) + escaped(Buffer.from(name.slice(-1)));
  return Buffer.byteLength(name) <= longestName ? name : shortened(name, text);
}

const escaped = (bytes: Iterable<number>) =>
  [...bytes].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');

function shortened(name: string, text: string): string {
  let kept = '';
  for (const character of name) {
    if (Buffer.byteLength(kept + character) > keptOfName) break;
    kept += character;
  }
  return `${kept}~${digest(text, 16)}${extension(name)}`;
}

const digest = (text: string, length: number) =>
  createHash('sha256').update(JSON.stringify(text)).digest('hex').slice(0, length);

const extension = (name: string) => /[^.~](\.[A-Za-z0-9]{1,12})$/.exec(name)?.[1] ?? '';

/** Paths of files: none is given twice, and none is a folder of another; systems that do not tell `a` from `A` agree. */
class Paths {
  readonly #files = new Set<string>();
  readonly #folders = new Set<string>();

  /** Takes the first of these that is free. */
  take(...candidates: string[]): string {
    const path = candidates.find((candidate) => this.#isFree(fold(candidate)));
    if (path === undefined) throw new Error(`no free name: ${candidates[0]}`);
    const folded = fold(path);
    this.#files.add(folded);
    for (const folder of foldersOf(folded)) this.#folders.add(folder);
    return path;
  }

  #isFree(path: string): boolean {
    if (this.#files.has(path) || this.#folders.has(path)) return false;
    return !foldersOf(path).some((folder) => this.#files.has(folder));
  }
}

const fold = (path: string) => path.normalize('NFC').toUpperCase();

function foldersOf(path: string): string[] {
  const folders: string[] = [];
  for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1))
    folders.push(path.slice(0, end));
  return folders;
}

const safePath = (path: string) => path.split('/').map(safeName).join('/');

/** Names for a run's files. Asked in the manifest's order, it answers the same for the same run. */
export class OutputNames {
  readonly #tasks = new Paths();

  /**
   * Paths below `results/` for what a task has written.
   * @param written what the task calls them, each once
   */
  pathsOf({ file, column }: { file: string; column: string | null }, written: string[]): string[] {
    const name = column === null ? '' : `/${safeName(column)}`;
    const usual = `${safePath(file)}${name}`;
    const whose = JSON.stringify([file, column]);
    const folder = this.#tasks.take(
      ...(Buffer.byteLength(usual) <= longestPath ? [usual, `${usual}~${digest(whose, 8)}`] : []),
      `~${digest(whose, 32)}`,
    );
    const paths = new Paths();
    return written.map((path) => `files/${folder}/${nameIn(paths, path)}`);
  }
}

function nameIn(paths: Paths, path: string): string {
  const usual = safePath(path);
  const last = usual.slice(usual.lastIndexOf('/') + 1);
  const end = extension(last);
  const own = `${usual.slice(0, usual.length - end.length)}~${digest(path, 8)}${end}`;
  return paths.take(
    ...(Buffer.byteLength(usual) <= longestPath ? [usual, own] : []),
    `~${digest(path, 32)}/${last}`,
  );
}
