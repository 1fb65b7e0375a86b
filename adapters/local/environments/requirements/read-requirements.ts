/** What a project's requirements.txt asks for, with what it includes, as one list that does not depend on where it lies. */
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { ProjectInvalid } from '../../../../core/errors/errors.ts';
import { decode, type Line, logicalLines, quoted, words } from './parse-lines.ts';
import { requirementsOfPyproject } from './pyproject.ts';
import type { Entry, Requirements } from './requirement.ts';
import { predecessorLines } from './server-packages.ts';

const isAddress = (value: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(value) || value.includes('${');

/**
 * Reads `requirements.txt` in the project folder; where there is none, the packages of pyproject.toml.
 * @returns no entries when there is no such file either
 * @throws ProjectInvalid when it refers to a file or a folder that is not there
 */
export async function readRequirements(project: string): Promise<Requirements> {
  const found: Requirements = { entries: [], attached: [] };
  const path = join(project, 'requirements.txt');
  if (!(await isThere(path))) return requirementsOfPyproject(project);
  await new Reader(project, found).file(path, []);
  return found;
}

class Reader {
  readonly #project: string;
  readonly #found: Requirements;

  constructor(project: string, found: Requirements) {
    this.#project = project;
    this.#found = found;
  }

  async file(path: string, includedBy: string[]): Promise<void> {
    const text = decode(await readFile(path));
    const fenced = predecessorLines(text);
    for (const line of logicalLines(text)) {
      const place = {
        file: relative(this.#project, path),
        line: line.number,
        fenced: fenced.has(line.number),
      };
      if (line.text.startsWith('-')) await this.#options(line, path, place, [...includedBy, path]);
      else this.#add({ ...place, ...(await this.#package(line.text, place)), asks: true });
    }
  }

  #add(entry: Entry): void {
    this.#found.entries.push(entry);
  }

  async #options(
    line: Line,
    path: string,
    place: Omit<Entry, 'text' | 'asks'>,
    including: string[],
  ): Promise<void> {
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
      if (option === '-e') {
        // What is installed is a copy: the folder is frozen, and other runs share the environment.
        if (isAddress(value))
          this.#add({ ...place, text: `-e ${quoted([value, ...rest.splice(0)].join(' '))}`, asks: true });
        else
          this.#add({
            ...place,
            ...(await this.#package([value, ...rest.splice(0)].join(' '), place, true)),
            asks: true,
          });
      } else if (isAddress(value)) kept.push(option, value);
      else if (option === '-f') kept.push(option, await this.#links(value, path));
      else {
        const target = resolve(dirname(path), value);
        if (!(await isThere(target))) throw missing(value, place);
        if (option === '-r') {
          if (including.includes(target))
            throw new ProjectInvalid(`${place.file}, line ${place.line}: it includes itself`);
          await this.file(target, including);
        } else {
          this.#found.attached.push(target);
          kept.push(option, target);
        }
      }
    }
    if (kept.length > 0)
      this.#add({
        ...place,
        text: kept.map(quoted).join(' '),
        asks: isAddress(kept[1] ?? '') && kept[0] === '-r',
      });
  }

  async #links(value: string, path: string): Promise<string> {
    const target = resolve(dirname(path), value);
    if (!(await isThere(target))) return value;
    this.#found.attached.push(target);
    return target;
  }

  /** Paths made absolute; a path must exist. */
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
    if (!(await isThere(target))) throw missing(path, place);
    this.#found.attached.push(target);
    const isFolder = (await stat(target)).isDirectory();
    return { text: target + extras, ...(isFolder ? { local: target } : {}) };
  }
}

const missing = (value: string, { file, line }: { file: string; line: number }): ProjectInvalid =>
  new ProjectInvalid(`${file}, line ${line}: there is no ${value} in the project folder`, {
    hint: 'What requirements.txt refers to must lie in the project folder: it is frozen, and taken along to other machines.',
  });

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
