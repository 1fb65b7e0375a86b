/** Makes one virtual environment, while others look on. */
import { randomBytes } from 'node:crypto';
import { appendFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { takeFlock } from '../../locks/flock.ts';
import type { Cache } from '../cache/environment-cache.ts';
import type { Plan } from '../environment-plan.ts';
import { type Making, makeBase } from './base-environment.ts';
import { cacheFailed } from './install-errors.ts';
import { makeTop } from './local-packages-environment.ts';
import { pipVariables, progressOf } from './pip.ts';
import { type LongCommand, startLong, type Variables } from './run-command.ts';

/** Thrown inside to leave; never leaves this file. */
class Cancelled extends Error {}

export class Installation {
  readonly #plan: Plan;
  readonly #renew: boolean;
  readonly #cache: Cache;
  readonly #env: Variables;
  readonly #since = performance.now();
  readonly #name = randomBytes(4).toString('hex');
  readonly #wheels = new Map<string, string>();
  #logged = false;
  #doing = 'preparing to install packages';
  #command: LongCommand | undefined;
  #cancelled = false;
  /** Why it failed, once it has. */
  failure: unknown;
  /** Id of another process that is at it; then this one did nothing. */
  busy: string | undefined;
  /** Whether it has made the packages of the list anew. */
  renewed = false;
  /** Whether it has ended, in whatever way. */
  over = false;
  /** Resolves when it has; never rejects. */
  readonly ended: Promise<void>;
  readonly #begun = Promise.withResolvers<void>();
  /** Resolves, soon, when it is known whether this process or another one is at it; never rejects. */
  readonly begun: Promise<void> = this.#begun.promise;

  /** @param renew whether the packages are installed also where they are already */
  constructor(plan: Plan, cache: Cache, env: Variables, renew = false) {
    this.#plan = plan;
    this.#renew = renew;
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
    const { base, key } = this.#plan;
    await this.#cache.prepare();
    try {
      for (const one of new Set([base, key])) {
        await this.#make(one);
        if (this.busy !== undefined) return;
      }
    } finally {
      await rm(this.#making.scratch, { recursive: true, force: true });
    }
  }

  /** Makes one of the two environments, unless it is there, or another process is at it. */
  async #make(key: string): Promise<void> {
    const cache = this.#cache;
    const lock = await takeFlock(this.#plan.interpreter.executable, cache.lock(key));
    if ('busy' in lock) {
      this.busy = lock.busy;
      return;
    }
    this.#begun.resolve();
    try {
      await cache.uses.mark(key);
      const isBase = key === this.#plan.base;
      if (!(isBase && this.#renew) && (await cache.find(key))) return;
      await cache.clear(key);
      if (!this.#logged) await writeFile(cache.log(this.#plan.key), '');
      this.#logged = true;
      const home = cache.home(key, this.#name);
      const made = isBase ? await makeBase(home, this.#making) : await this.#makeTop(home);
      await cache.complete(key, { home: this.#name, ...made });
      if (isBase) this.renewed = true;
    } catch (error) {
      await cache.remove(key, this.#name);
      throw error;
    } finally {
      await lock.release();
    }
  }

  async #makeTop(home: string) {
    const { base } = this.#plan;
    const below = await this.#cache.find(base);
    if (!below) throw new Error(`${base} was removed while it was built upon`);
    const name = `${base}/${below.home}`;
    return makeTop(home, { ...below, home: this.#cache.home(base, below.home), name }, this.#making);
  }

  get #making(): Making {
    return {
      plan: this.#plan,
      cache: this.#cache.folder,
      log: this.#cache.log(this.#plan.key),
      tell: (doing) => {
        this.#doing = doing;
      },
      run: (command, env) => this.#do(command, env),
      env: this.#env,
      wheels: this.#wheels,
      renew: this.#renew,
      scratch: join(this.#cache.folder, 'builds', this.#name),
    };
  }

  /** Runs a command to its end; its output goes to the log, too. */
  async #do(command: string[], env = this.#env): Promise<{ code: number | null; output: string[] }> {
    if (this.#cancelled) throw new Cancelled();
    const output: string[] = [];
    const onLine = (line: string) => {
      output.push(line);
      const progress = progressOf(line);
      if (progress) this.#doing = `installing packages: ${progress}`;
    };
    this.#command = startLong(this.#plan.interpreter.executable, command, { env, onLine });
    const code = await this.#command.ended;
    this.#command = undefined;
    if (this.#cancelled) throw new Cancelled();
    await appendFile(this.#cache.log(this.#plan.key), `$ ${command.join(' ')}\n${output.join('\n')}\n`);
    return { code, output };
  }
}
