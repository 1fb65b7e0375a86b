/**
 * Migrates a Dockerfile of the predecessor. Instructions that install packages stay. The servers, their start scripts, the
 * copy of the project and the licence are removed: worker and project are added on top of the image, which never
 * contains a licence.
 */
import type { Migrated } from './config.ts';
import { type Instruction, parseDockerfile } from './parse-dockerfile.ts';

/** The predecessor's build arguments for folder and licence. */
const buildArguments = ['CODES_FOLDER', 'TARGET_PATH_OF_UPLOAD_FILE', 'SOURCE_PATH_OF_UPLOAD_FILE'];

const install = [
  'COPY requirements.txt /tmp/requirements.txt',
  'RUN pip install --no-cache-dir -r /tmp/requirements.txt',
];

const heading =
  '# The system and the packages that entrypoint.py needs. The worker and the project itself are added on top of it.';

/** @returns undefined when it is not a Dockerfile of the predecessor */
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
    migration.changes.push('it now installs the packages in requirements.txt');
  }
  const lines = [heading, ...kept, ...below]
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  return { text: `${lines}\n`, changes: migration.changes };
}

/** Whether the instruction copies the predecessor's servers. */
const isOfPredecessor = ({ name, rest }: Instruction): boolean =>
  (name === 'COPY' || name === 'ADD') && isServers(rest);

const isServers = (rest: string): boolean => /(^|[\s/"'[])gismoclouddeploy\/|^\.?\/?server(\/|\s)/.test(rest);

/** Comments above a removed instruction become at most one blank line. */
const blank = (above: string[]): string[] => (above.some((line) => line.trim() === '') ? [''] : []);

class Migration {
  readonly changes: string[] = [];
  installs = false;
  /** Removed variables, and removed paths in the image. */
  readonly #variables = new Set(buildArguments);
  readonly #paths: string[] = [];
  readonly #logged = new Set<string>();

  /** @returns the migrated lines; undefined when the instruction is removed */
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
        return this.#removed('ports and start command are removed: the worker has its own');
      default:
        return instruction.lines;
    }
  }

  #environment({ rest, lines }: Instruction): string[] | undefined {
    if (!this.#refersToRemoved(rest)) return lines;
    const pairs = rest.match(/\w+=(?:"[^"]*"|'[^']*'|\S+)/g) ?? [rest];
    const kept = pairs.filter((pair) => !this.#refersToRemoved(pair));
    for (const pair of pairs) if (!kept.includes(pair)) this.#variables.add(/^\w+/.exec(pair)![0]);
    return kept.length > 0 ? [`ENV ${kept.join(' ')}`] : undefined;
  }

  #copy({ rest, lines }: Instruction): string[] | undefined {
    const [source = '', ...others] = rest.split(/\s+/).filter((word) => !word.startsWith('--'));
    const target = others.at(-1) ?? '';
    if (isServers(rest)) {
      if (target.startsWith('/')) this.#paths.push(target);
      return this.#removed("the predecessor's servers and their start scripts are removed");
    }
    // The build context is now the project, not the folder above it.
    if (source.endsWith('/requirements.txt')) return [`COPY requirements.txt ${target}`];
    if (!this.#refersToRemoved(rest) && !/^(\.\/|\/app\/)?project\/?$/.test(target)) return lines;
    if (this.#refersToRemoved(target) || /UPLOAD_FILE/i.test(source))
      return this.#removed('the licence is removed: a run passes it to entrypoint as solver_file');
    this.#paths.push('project');
    return this.#removed('the copy of the project is removed: it is added at /app/project');
  }

  #run({ rest, lines }: Instruction): string[] | undefined {
    // A here-document is a script that cannot be split into steps.
    if (/<<-?\s*["']?\w/.test(rest)) return lines;
    const steps = rest.split(/\s*&&\s*/);
    // An echo has no effect on the image.
    const idle = (step: string) => /^echo\s[^|>]*$/.test(step);
    const kept = steps.filter(
      (step) => !idle(step) && !this.#refersToRemoved(step) && !this.#touchesRemoved(step),
    );
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
      this.#log('netcat is now netcat-openbsd: Debian 12 and later have no package netcat');
      return current;
    }
    return changed;
  }

  #refersToRemoved(text: string): boolean {
    return [...text.matchAll(/\$\{?(\w+)/g)].some(([, name = '']) => this.#variables.has(name));
  }

  #touchesRemoved(step: string): boolean {
    const words = step.split(/\s+/).map((word) => word.replace(/^\.\/|\/+$/g, ''));
    return this.#paths.some((path) => words.includes(path));
  }

  #removed(why: string): undefined {
    this.#log(why);
  }

  #log(change: string): void {
    if (!this.#logged.has(change)) this.changes.push(change);
    this.#logged.add(change);
  }
}
