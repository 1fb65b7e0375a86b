/** Reads a project's requirements.txt with the files that it includes. */
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { ProjectInvalid } from '../../../../core/errors/errors.ts';
import { decode, type Line, logicalLines, quoted, words } from './parse-lines.ts';
import { requirementsOfPyproject } from './pyproject.ts';
import type { Entry, Requirements } from './requirement.ts';
import { serverPackageLines } from './server-packages.ts';

const isAddress = (value: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(value) || value.includes('${');

/**
 * Reads requirements.txt in the project folder; without one, the packages of pyproject.toml.
 * @returns no entries if there is neither
 * @throws ProjectInvalid if it refers to a missing file or folder
 */
export async function readRequirements(project: string): Promise<Requirements> {
  const found: Requirements = { entries: [], attached: [] };
  const path = join(project, 'requirements.txt');
  if (!(await exists(path))) return requirementsOfPyproject(project);
  await new Reader(project, found).file(path, []);
  return found;
}

/** Where a line is. */
type Place = Pick<Entry, 'file' | 'line' | 'fenced'>;

class Reader {
  readonly #project: string;
  readonly #found: Requirements;

  constructor(project: string, found: Requirements) {
    this.#project = project;
    this.#found = found;
  }

  async file(path: string, includedBy: string[]): Promise<void> {
    const text = decode(await readFile(path));
    const fenced = serverPackageLines(text);
    for (const line of logicalLines(text)) {
      const place = {
        file: relative(this.#project, path),
        line: line.number,
        fenced: fenced.has(line.number),
      };
      if (line.text.startsWith('-')) await this.#options(line, path, place, [...includedBy, path]);
      else this.#add({ ...place, ...(await this.#package(line.text, place)), isPackage: true });
    }
  }

  #add(entry: Entry): void {
    this.#found.entries.push(entry);
  }

  async #options(line: Line, path: string, place: Place, including: string[]): Promise<void> {
    const kept: string[] = [];
    const rest = words(line.text);
    for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
      const [, short, long, attachedValue] =
        /^(?:(-[rcef])=?|(--(?:requirement|constraint|editable|find-links))(?:=|$))(.*)$/s.exec(word) ?? [];
      if (short === undefined && long === undefined) {
        kept.push(word);
        continue;
      }
      const option = short ?? `-${long!.charAt(2)}`;
      const value = attachedValue || (rest.shift() ?? '');
      if (option === '-e') await this.#editable([value, ...rest.splice(0)], place);
      else if (isAddress(value)) kept.push(option, value);
      else if (option === '-f') kept.push(option, await this.#links(value, path));
      else if (option === '-r') await this.#include(value, path, place, including);
      else kept.push(option, await this.#constraints(value, path, place));
    }
    if (kept.length > 0)
      this.#add({
        ...place,
        text: kept.map(quoted).join(' '),
        isPackage: isAddress(kept[1] ?? '') && kept[0] === '-r',
      });
  }

  /** `-e`: installed as a copy, not editable, since the folder is frozen and runs share the environment. */
  async #editable(words: string[], place: Place): Promise<void> {
    const text = words.join(' ');
    const requirement = isAddress(words[0] ?? '')
      ? { text: `-e ${quoted(text)}` }
      : await this.#package(text, place, true);
    this.#add({ ...place, ...requirement, isPackage: true });
  }

  /** `-r`: reads another requirements file. */
  async #include(value: string, path: string, place: Place, including: string[]): Promise<void> {
    const target = await this.#existing(value, path, place);
    if (including.includes(target))
      throw new ProjectInvalid(`${place.file}, line ${place.line}: the file includes itself`);
    await this.file(target, including);
  }

  /** `-c`: absolute path of a constraints file. */
  async #constraints(value: string, path: string, place: Place): Promise<string> {
    const target = await this.#existing(value, path, place);
    this.#found.attached.push(target);
    return target;
  }

  /** @throws ProjectInvalid if the file is missing */
  async #existing(value: string, path: string, place: Place): Promise<string> {
    const target = resolve(dirname(path), value);
    if (!(await exists(target))) throw missing(value, place);
    return target;
  }

  /** `-f`: a folder of wheels, or an address that pip resolves. */
  async #links(value: string, path: string): Promise<string> {
    const target = resolve(dirname(path), value);
    if (!(await exists(target))) return value;
    this.#found.attached.push(target);
    return target;
  }

  /** Makes a path absolute; it must exist. */
  async #package(
    text: string,
    place: { file: string; line: number },
    isPath = false,
  ): Promise<Pick<Entry, 'text' | 'local'>> {
    const [, path = '', extras = ''] = /^(.*?)(\s*(?:\[[^\]]*\])?\s*(?:;.*|\s--.*)?)$/s.exec(text) ?? [];
    const archive = /\.(whl|zip|tar\.(gz|bz2|xz)|tgz)$/i.test(path);
    const looksLikePath = path.startsWith('.') || path.includes('/') || archive;
    if (
      !isPath &&
      (!looksLikePath || isAddress(path) || /^[\w.-]+\s*(\[.*\])?\s*@/.test(path) || /^file:/i.test(path))
    )
      return { text };
    const target = resolve(this.#project, path);
    if (!(await exists(target))) throw missing(path, place);
    this.#found.attached.push(target);
    const isFolder = (await stat(target)).isDirectory();
    return { text: target + extras, ...(isFolder ? { local: target } : {}) };
  }
}

const missing = (value: string, { file, line }: { file: string; line: number }): ProjectInvalid =>
  new ProjectInvalid(`${file}, line ${line}: ${value} is missing in the project folder`, {
    hint: 'Files that requirements.txt refers to must be in the project folder, which is copied for each run.',
  });

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
