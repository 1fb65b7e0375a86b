/** Makes one virtual environment, while others look on. */
import { randomBytes } from 'node:crypto';
import { appendFile, writeFile } from 'node:fs/promises';
import { cacheFailed, installFailed, venvFailed } from './failure.ts';
import { takeLock } from './lock.ts';
import { installCommand, pipCommand, pipVariables, progressOf, venvCommand } from './pip.ts';
import type { Plan } from './plan.ts';
import { type LongCommand, startLong, type Variables } from './processes.ts';
import { fencedPackages, relax, relaxedNotices, requirementsText } from './relax.ts';
import type { Cache } from './venv.ts';

/** Thrown inside to leave; never leaves this file. */
class Cancelled extends Error {}

export class Installation {
  readonly #plan: Plan;
  readonly #cache: Cache;
  readonly #env: Variables;
  readonly #since = performance.now();
  readonly #name = randomBytes(4).toString('hex');
  #doing = 'preparing to install packages';
  #command: LongCommand | undefined;
  #cancelled = false;
  /** Why it failed, once it has. */
  failure: unknown;
  /** Id of another process that is at it; then this one did nothing. */
  busy: string | undefined;
  /** Whether it has ended, in whatever way. */
  over = false;
  /** Resolves when it has; never rejects. */
  readonly ended: Promise<void>;
  readonly #begun = Promise.withResolvers<void>();
  /** Resolves, soon, when it is known whether this process or another one is at it; never rejects. */
  readonly begun: Promise<void> = this.#begun.promise;

  constructor(plan: Plan, cache: Cache, env: Variables) {
    this.#plan = plan;
    this.#cache = cache;
    this.#env = pipVariables(env);
    this.ended = this.#run()
      .catch((error) => {
        if (!(error instanceof Cancelled)) this.failure = cacheFailed(error, cache.folder);
      })
      .then(() => {
        this.over = true;
        this.#begun.resolve();
      });
  }

  /** What is being done right now, and for how long it has been going on. */
  get detail(): string {
    if (this.busy !== undefined)
      return `waiting: another gcd-sfn (process ${this.busy}) is installing the same packages`;
    return `${this.#doing}, ${Math.round((performance.now() - this.#since) / 1000)} s`;
  }

  /** Ends it, and removes what it made. */
  async cancel(): Promise<void> {
    this.#cancelled = true;
    this.#command?.kill();
    await this.ended;
  }

  async #run(): Promise<void> {
    const { key, interpreter } = this.#plan;
    await this.#cache.prepare();
    const lock = await takeLock(interpreter.executable, this.#cache.lock(key));
    if ('busy' in lock) {
      this.busy = lock.busy;
      return;
    }
    this.#begun.resolve();
    try {
      if (await this.#cache.find(key)) return;
      await this.#cache.clear(key);
      await this.#make(this.#cache.home(key, this.#name));
    } catch (error) {
      await this.#cache.remove(key, this.#name);
      throw error;
    } finally {
      await lock.release();
    }
  }

  async #make(home: string): Promise<void> {
    const { key, entries, interpreter } = this.#plan;
    const { version } = interpreter;
    const log = this.#cache.log(key);
    await writeFile(log, '');
    this.#doing = `making a virtual environment with Python ${version}`;
    const made = await this.#do(venvCommand(interpreter.executable, home));
    if (made.code !== 0) throw venvFailed(made.output, version, log, this.#cache.folder);

    this.#doing = 'installing packages';
    const given = `${home}/requirements.txt`;
    const fenced = fencedPackages(entries);
    let output: string[];
    for (;;) {
      await writeFile(given, requirementsText(entries, fenced));
      const installed = await this.#do(installCommand(home, given));
      output = installed.output;
      if (installed.code === 0) break;
      if (!relax(fenced, output))
        throw installFailed({ output, entries, given, log, cache: this.#cache.folder, version });
    }

    this.#doing = 'checking the installed packages';
    const checked = await this.#do(pipCommand(home, 'check'));
    const notices = checked.code === 0 ? [] : [`pip check: ${checked.output.slice(0, 3).join('; ')}`];
    const relaxed = relaxedNotices(fenced, output, version);
    await this.#cache.complete(key, { home: this.#name, version, relaxed, notices });
  }

  /** Runs a command to its end; its output goes to the log, too. */
  async #do(command: string[]): Promise<{ code: number | null; output: string[] }> {
    if (this.#cancelled) throw new Cancelled();
    const output: string[] = [];
    const onLine = (line: string) => {
      output.push(line);
      const progress = progressOf(line);
      if (progress) this.#doing = `installing packages: ${progress}`;
    };
    this.#command = startLong(this.#plan.interpreter.executable, command, { env: this.#env, onLine });
    const code = await this.#command.ended;
    this.#command = undefined;
    if (this.#cancelled) throw new Cancelled();
    await appendFile(this.#cache.log(this.#plan.key), `$ ${command.join(' ')}\n${output.join('\n')}\n`);
    return { code, output };
  }
}
