/** Creates one virtual environment in the background, with progress for the caller to poll. */
import { randomBytes } from 'node:crypto';
import { appendFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { takeFlock } from '../../locks/flock.ts';
import type { Cache } from '../cache/environment-cache.ts';
import type { Plan } from '../environment-plan.ts';
import { createBaseEnvironment, type InstallContext } from './base-environment.ts';
import { cacheFailed } from './install-errors.ts';
import { createLocalPackagesEnvironment } from './local-packages-environment.ts';
import { pipVariables, progressOf } from './pip.ts';
import { type LongCommand, startLong, type Variables } from './run-command.ts';

/** Thrown to unwind after `cancel`; never leaves this file. */
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
  #progress = 'preparing to install packages';
  #command: LongCommand | undefined;
  #cancelled = false;
  /** Why it failed, once it has. */
  failure: unknown;
  /** Pid of another process that creates the same environment; this one then did nothing. */
  busy: string | undefined;
  /** Whether it has reinstalled the packages. */
  renewed = false;
  /** Whether it has ended, with or without success. */
  over = false;
  /** Resolves at the end; never rejects. */
  readonly ended: Promise<void>;
  readonly #started = Promise.withResolvers<void>();
  /** Resolves soon, once `busy` is known; never rejects. */
  readonly started: Promise<void> = this.#started.promise;

  /** @param renew whether to install the packages again if they are installed already */
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
        this.#started.resolve();
      });
  }

  /** What is being done now, and for how many seconds. */
  get detail(): string {
    if (this.busy !== undefined)
      return `waiting: another gcd-sfn (process ${this.busy}) is installing the same packages`;
    return `${this.#progress}, ${Math.round((performance.now() - this.#since) / 1000)} s`;
  }

  /** Stops it, and removes what it has created. */
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
        await this.#create(one);
        if (this.busy !== undefined) return;
      }
    } finally {
      await rm(this.#context.scratch, { recursive: true, force: true });
    }
  }

  /** Creates one of the two environments, unless it exists or another process creates it. */
  async #create(key: string): Promise<void> {
    const cache = this.#cache;
    const lock = await takeFlock(this.#plan.interpreter.executable, cache.lock(key));
    if ('busy' in lock) {
      this.busy = lock.busy;
      return;
    }
    this.#started.resolve();
    try {
      await cache.uses.mark(key);
      const isBase = key === this.#plan.base;
      if (!(isBase && this.#renew) && (await cache.find(key))) return;
      await cache.clear(key);
      if (!this.#logged) await writeFile(cache.log(this.#plan.key), '');
      this.#logged = true;
      const home = cache.home(key, this.#name);
      const created = isBase ? await createBaseEnvironment(home, this.#context) : await this.#createTop(home);
      await cache.complete(key, { home: this.#name, ...created });
      if (isBase) this.renewed = true;
    } catch (error) {
      await cache.remove(key, this.#name);
      throw error;
    } finally {
      await lock.release();
    }
  }

  async #createTop(home: string) {
    const { base } = this.#plan;
    const below = await this.#cache.find(base);
    if (!below) throw new Error(`${base} was deleted while ${home} was created on top of it`);
    const name = `${base}/${below.home}`;
    return createLocalPackagesEnvironment(
      home,
      { ...below, home: this.#cache.home(base, below.home), name },
      this.#context,
    );
  }

  get #context(): InstallContext {
    return {
      plan: this.#plan,
      cache: this.#cache.folder,
      log: this.#cache.log(this.#plan.key),
      report: (progress) => {
        this.#progress = progress;
      },
      run: (command, env) => this.#runCommand(command, env),
      env: this.#env,
      wheels: this.#wheels,
      renew: this.#renew,
      scratch: join(this.#cache.folder, 'builds', this.#name),
    };
  }

  /** Runs a command to its end, and appends its output to the log. */
  async #runCommand(command: string[], env = this.#env): Promise<{ code: number | null; output: string[] }> {
    if (this.#cancelled) throw new Cancelled();
    const output: string[] = [];
    const onLine = (line: string) => {
      output.push(line);
      const progress = progressOf(line);
      if (progress) this.#progress = `installing packages: ${progress}`;
    };
    this.#command = startLong(this.#plan.interpreter.executable, command, { env, onLine });
    const code = await this.#command.ended;
    this.#command = undefined;
    if (this.#cancelled) throw new Cancelled();
    await appendFile(this.#cache.log(this.#plan.key), `$ ${command.join(' ')}\n${output.join('\n')}\n`);
    return { code, output };
  }
}
