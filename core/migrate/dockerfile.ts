/**
 * A Dockerfile of the predecessor without the predecessor: what installs the system's and the project's packages
 * stays; its servers, their start scripts, the copy of the project and the licence go, since the worker and the
 * project are added on top of the image, and a licence is never in one.
 */
import type { Migrated } from './config.ts';
import { type Instruction, parseDockerfile } from './instructions.ts';

/** Build arguments by which the predecessor handed over folder and licence. */
const buildArguments = ['CODES_FOLDER', 'TARGET_PATH_OF_UPLOAD_FILE', 'SOURCE_PATH_OF_UPLOAD_FILE'];

const install = [
  'COPY requirements.txt /tmp/requirements.txt',
  'RUN pip install --no-cache-dir -r /tmp/requirements.txt',
];

const heading =
  '# The system and the packages that entrypoint.py needs. The worker and the project itself are added on top of it.';

/** @returns undefined when it is no Dockerfile of the predecessor */
export function migrateDockerfile(text: string): Migrated | undefined {
  const { instructions, below } = parseDockerfile(text);
  if (!instructions.some(isOfPredecessor)) return undefined;
  const migration = new Migration();
  const kept = instructions.flatMap((instruction) => {
    const lines = migration.lines(instruction);
    return lines ? [...instruction.above, ...lines] : blank(instruction.above);
  });
  if (!migration.installs) {
    kept.push(...install);
    migration.changes.push('the packages in requirements.txt are installed by it');
  }
  const lines = [heading, ...kept, ...below]
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  return { text: `${lines}\n`, changes: migration.changes };
}

/** Copies the predecessor's servers, or the project through its build arguments. */
const isOfPredecessor = ({ name, rest }: Instruction): boolean =>
  (name === 'COPY' || name === 'ADD') && isServers(rest);

const isServers = (rest: string): boolean => /(^|[\s/"'[])gismoclouddeploy\/|^\.?\/?server(\/|\s)/.test(rest);

/** What is left of the remarks above an instruction that is gone. */
const blank = (above: string[]): string[] => (above.some((line) => line.trim() === '') ? [''] : []);

class Migration {
  readonly changes: string[] = [];
  installs = false;
  /** Variables, and paths in the image, that are gone. */
  readonly #variables = new Set(buildArguments);
  readonly #paths: string[] = [];
  readonly #said = new Set<string>();

  /** @returns its lines in the migrated file; undefined when it goes */
  lines(instruction: Instruction): string[] | undefined {
    const { name, rest } = instruction;
    switch (name) {
      case 'ARG':
        return this.#variables.has(rest.split('=')[0]!.trim()) ? undefined : instruction.lines;
      case 'ENV':
        return this.#environment(instruction);
      case 'COPY':
      case 'ADD':
        return this.#copy(instruction);
      case 'RUN':
        return this.#run(instruction);
      case 'ENTRYPOINT':
      case 'CMD':
      case 'EXPOSE':
      case 'HEALTHCHECK':
        return this.#gone('ports and start command are gone: the worker has its own');
      default:
        return instruction.lines;
    }
  }

  #environment({ rest, lines }: Instruction): string[] | undefined {
    if (!this.#refersToGone(rest)) return lines;
    const pairs = rest.match(/\w+=(?:"[^"]*"|'[^']*'|\S+)/g) ?? [rest];
    const kept = pairs.filter((pair) => !this.#refersToGone(pair));
    for (const pair of pairs) if (!kept.includes(pair)) this.#variables.add(/^\w+/.exec(pair)![0]);
    return kept.length > 0 ? [`ENV ${kept.join(' ')}`] : undefined;
  }

  #copy({ rest, lines }: Instruction): string[] | undefined {
    const [source = '', ...others] = rest.split(/\s+/).filter((word) => !word.startsWith('--'));
    const target = others.at(-1) ?? '';
    if (isServers(rest)) {
      if (target.startsWith('/')) this.#paths.push(target);
      return this.#gone("the predecessor's servers are gone, with their start scripts");
    }
    // What was built was a folder above the project; now it is the project.
    if (source.endsWith('/requirements.txt')) return [`COPY requirements.txt ${target}`];
    if (!this.#refersToGone(rest) && !/^(\.\/|\/app\/)?project\/?$/.test(target)) return lines;
    if (this.#refersToGone(target) || /UPLOAD_FILE/i.test(source))
      return this.#gone('the licence is in no image: a run hands it to entrypoint as solver_file');
    this.#paths.push('project');
    return this.#gone('the copy of the project is gone: it is added at /app/project');
  }

  #run({ rest, lines }: Instruction): string[] | undefined {
    // A script of its own, which cannot be taken apart.
    if (/<<-?\s*["']?\w/.test(rest)) return lines;
    const steps = rest.split(/\s*&&\s*/);
    // Nothing is lost with words that nobody reads.
    const idle = (step: string) => /^echo\s[^|>]*$/.test(step);
    const kept = steps.filter((step) => !idle(step) && !this.#refersToGone(step) && !this.#touchesGone(step));
    if (kept.length === 0) return undefined;
    if (
      kept.some((step) =>
        /\bpip3?\s+install\b.*(-r|--requirement)[\s=]*\S*requirements[^\s/]*\.txt/.test(step),
      )
    )
      this.installs = true;
    const changed = kept.length < steps.length ? [`RUN ${kept.join(' \\\n  && ')}`] : lines;
    const current = changed.map((line) =>
      line.replace(/(?<=\sinstall\s.*\s|^\s*)netcat(?=\s|$)/, 'netcat-openbsd'),
    );
    if (current.join() !== changed.join() && /\bapt(-get)?\b/.test(rest)) {
      this.#say('netcat is now netcat-openbsd: Debian 12 and later have no package of the old name');
      return current;
    }
    return changed;
  }

  #refersToGone(text: string): boolean {
    return [...text.matchAll(/\$\{?(\w+)/g)].some(([, name = '']) => this.#variables.has(name));
  }

  #touchesGone(step: string): boolean {
    const words = step.split(/\s+/).map((word) => word.replace(/^\.\/|\/+$/g, ''));
    return this.#paths.some((path) => words.includes(path));
  }

  #gone(why: string): undefined {
    this.#say(why);
  }

  #say(what: string): void {
    if (!this.#said.has(what)) this.changes.push(what);
    this.#said.add(what);
  }
}
