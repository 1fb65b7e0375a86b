/** A project whose tasks say that they have begun, and go on only when a test lets them. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const program = `
_ungated = entrypoint
def entrypoint(**arguments):
    import inspect, os, time
    name = '%(curr_process_file)s %(curr_process_column)s' % arguments
    folder = os.environ['GATES']
    with open(os.path.join(folder, 'begun', name), 'a') as file:
        file.write('x')
    while not any(os.path.exists(os.path.join(folder, 'open', one)) for one in (name, 'all')):
        time.sleep(0.05)
    names = inspect.signature(_ungated).parameters
    return _ungated(**{name: value for name, value in arguments.items() if name in names})
`;

export class Gates {
  readonly #folder: string;

  /** @param folder is made */
  constructor(folder: string) {
    this.#folder = folder;
    for (const name of ['begun', 'open']) mkdirSync(join(folder, name), { recursive: true });
  }

  /** What makes a project of examples/sleep one of these, by file. */
  get changes(): Record<string, (text: string) => string> {
    return {
      'entrypoint.py': (text) => `${text}${program}`,
      'config.yaml': (text) => `${text}  GATES: ${this.#folder}\n`,
    };
  }

  /** Tasks that have begun, sorted: each with how often. */
  begun(): Record<string, number> {
    const folder = join(this.#folder, 'begun');
    const names = readdirSync(folder).sort();
    return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name)).length]));
  }

  /** Lets tasks through, and those that begin later. @param task as `begun` names it; or all */
  open(task: string | 'all'): void {
    const path = join(this.#folder, 'open', task);
    if (!existsSync(path)) writeFileSync(path, '');
  }
}
