/**
 * Names of output files below `results/files/`: unique, inside the folder, and valid on every system, whatever the names of
 * tasks, columns and data files are.
 */
import { createHash } from 'node:crypto';

/** Maximum bytes of UTF-8 of a name, of the kept part of a longer one, and of a path. */
const maxName = 180;
const keptOfName = 120;
const maxPath = 1000;
/** Characters with a meaning for systems, shells or URLs, and invisible ones. */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}%/\\:*?"<>|]/u;
/** Device names of Windows, with any extension. */
const device = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
/** Python represents a byte that is not UTF-8 as a lone surrogate. */
const firstByte = 0xdc00;

/** One component of a path. Injective, except for shortened names, which end in a digest. */
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
  return Buffer.byteLength(name) <= maxName ? name : shortened(name, text);
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

/** Unique paths of files, none of which is a folder of another, also on case-insensitive systems. */
class Paths {
  readonly #files = new Set<string>();
  readonly #folders = new Set<string>();

  /** Reserves the first free candidate. */
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

/** Paths of a run's output files. Deterministic, if called in the manifest's order. */
export class OutputNames {
  readonly #tasks = new Paths();

  /**
   * Paths below `results/` for the files of a task.
   * @param written the task's own names, each once
   */
  pathsOf({ file, column }: { file: string; column: string | null }, written: string[]): string[] {
    const name = column === null ? '' : `/${safeName(column)}`;
    const plain = `${safePath(file)}${name}`;
    const identity = JSON.stringify([file, column]);
    const folder = this.#tasks.take(
      ...(Buffer.byteLength(plain) <= maxPath ? [plain, `${plain}~${digest(identity, 8)}`] : []),
      `~${digest(identity, 32)}`,
    );
    const paths = new Paths();
    return written.map((path) => `files/${folder}/${nameIn(paths, path)}`);
  }
}

function nameIn(paths: Paths, path: string): string {
  const plain = safePath(path);
  const last = plain.slice(plain.lastIndexOf('/') + 1);
  const end = extension(last);
  const unique = `${plain.slice(0, plain.length - end.length)}~${digest(path, 8)}${end}`;
  return paths.take(
    ...(Buffer.byteLength(plain) <= maxPath ? [plain, unique] : []),
    `~${digest(path, 32)}/${last}`,
  );
}
