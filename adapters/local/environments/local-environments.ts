/** Environments on this machine: the bare interpreter, or a virtual environment from the user's cache. */

import type { Environment, EnvironmentSpec, Environments } from '../../../ports/environments.ts';
import { tidy } from './cache/clean-cache.ts';
import { Cache, defaultCache } from './cache/environment-cache.ts';
import { ageNotice, makePlan, type Plan } from './environment-plan.ts';
import { cannotMakeVenv } from './install/install-errors.ts';
import { Installation } from './install/installation.ts';
import type { Variables } from './install/run-command.ts';
import { type Chosen, choosePython } from './python/choose-python.ts';
import { pinOf } from './python/python-version-file.ts';
import { allows } from './python/requires-python.ts';
import type { Entry } from './requirements/requirement.ts';
import { unreadLists } from './requirements/unsupported-files.ts';

/** Options of a Python whose packages come from its environment alone, not from the PYTHONPATH of whoever calls. */
export const isolated = ['-E'];

export interface LocalEnvironmentsOptions {
  /** Absolute path of the folder for virtual environments; the user's cache folder if not given. */
  cache?: string;
  /** Variables, PATH among them, that decide what is found and what pip gets; those of this process if not given. */
  env?: Variables;
  /** Milliseconds after which an interpreter that does not answer is passed over; 10,000 if not given. */
  probeTimeoutMs?: number;
  /** Packages are installed anew, once, also where they are there: what is not pinned may have moved on. */
  renew?: boolean;
}

/** `find` and `build` also throw ProjectInvalid, when requirements.txt refers to what is not in the project folder. */
export class LocalEnvironments implements Environments {
  readonly #cache: Cache;
  readonly #env: Variables;
  readonly #probeTimeoutMs: number;
  readonly #interpreters = new Map<string, Promise<Chosen>>();
  readonly #renew: boolean;
  /** Those that need not be made anew any more. */
  readonly #renewed = new Set<string>();
  #installation: { key: string; base: string; work: Installation } | undefined;

  constructor({
    cache,
    env = process.env,
    probeTimeoutMs = 10_000,
    renew = false,
  }: LocalEnvironmentsOptions = {}) {
    this.#cache = new Cache(cache ?? defaultCache(env));
    this.#env = env;
    this.#probeTimeoutMs = probeTimeoutMs;
    this.#renew = renew;
  }

  async find(wanted: EnvironmentSpec): Promise<Environment | undefined> {
    const plan = await this.#plan(wanted);
    const { executable, version } = plan.interpreter;
    if (plan.entries.length === 0) {
      const unread = await unreadLists(wanted.project);
      const said = unread
        ? [`there is no requirements.txt, and ${unread.files.join(' and ')} is not read. ${unread.hint}`]
        : [];
      return { python: [executable], version, notices: [...about(plan, []), ...said] };
    }
    if (this.#mustRenew(plan) || !(await this.#cache.find(plan.key))) return undefined;
    // Said before it is looked for again: whoever removes what nobody uses looks after having hidden it.
    for (const key of new Set([plan.base, plan.key])) await this.#cache.uses.mark(key);
    const found = await this.#cache.find(plan.key);
    if (!found) return undefined;
    const python = [found.python, ...isolated];
    return {
      python,
      version,
      notices: [...about(plan, found.relaxed), ...found.notices, ...ageNotice(plan, found.made)],
    };
  }

  async build(wanted: EnvironmentSpec): Promise<{ detail: string }> {
    const plan = await this.#plan(wanted);
    const { venv } = plan.interpreter;
    if (plan.entries.length === 0) return { detail: 'nothing to install' };
    if (!venv) throw cannotMakeVenv(plan.interpreter);
    let work = this.#workOn(plan.key);
    if (!work) {
      await this.#installation?.work.cancel();
      work = new Installation(plan, this.#cache, this.#env, this.#mustRenew(plan));
      this.#installation = { key: plan.key, base: plan.base, work };
    }
    await work.begun;
    if (work.failure !== undefined) {
      this.#installation = undefined;
      throw work.failure;
    }
    return { detail: work.detail };
  }

  async cancel(): Promise<void> {
    const installation = this.#installation;
    this.#installation = undefined;
    await installation?.work.cancel();
  }

  /** Removes environments that nobody has used for long; looks at most once a day. Never fails. */
  async tidy(): Promise<void> {
    const [interpreter] = this.#interpreters.values();
    if (interpreter)
      await interpreter.then(({ executable }) => tidy(this.#cache, executable)).catch(() => {});
  }

  #mustRenew({ base }: Plan): boolean {
    if (this.#installation?.base === base && this.#installation.work.renewed) this.#renewed.add(base);
    return this.#renew && !this.#renewed.has(base);
  }

  /** What is under way for a key, or has just failed. What has ended otherwise is looked at anew. */
  #workOn(key: string): Installation | undefined {
    const current = this.#installation;
    if (current?.key !== key) return undefined;
    return current.work.over && current.work.failure === undefined ? undefined : current.work;
  }

  /**
   * The interpreter that a project's environment is made with; asked for once, then remembered.
   * @param project absolute path of its folder
   * @throws PythonUnsuitable
   */
  async interpreter(python: string | null, project: string): Promise<Chosen> {
    // A copy of a project has the Python of the project: it has its .python-version, or lies below it.
    const pin = python === null ? await pinOf(project, this.#env) : undefined;
    const key = JSON.stringify([python, pin?.names ?? null]);
    let interpreter = this.#interpreters.get(key);
    if (!interpreter) {
      interpreter = choosePython(python, { env: this.#env, probeTimeoutMs: this.#probeTimeoutMs, project });
      this.#interpreters.set(key, interpreter);
      interpreter.catch(() => this.#interpreters.delete(key));
    }
    return interpreter;
  }

  async #plan({ project, python }: EnvironmentSpec): Promise<Plan> {
    return makePlan(project, await this.interpreter(python, project));
  }
}

/** Lines about the Python and about the list of packages, if there is anything to say. */
function about({ entries, leftOut, interpreter, requiresPython }: Plan, relaxed: string[]): string[] {
  const { said, version } = interpreter;
  const few = leftOut.length > 3 ? `${leftOut.slice(0, 2).join(', ')}, …` : leftOut.join(', ');
  const servers = `left out ${leftOut.length} server package${leftOut.length === 1 ? '' : 's'} of the predecessor (${few})`;
  const parts = [...(leftOut.length > 0 ? [servers] : []), ...relaxed];
  return [
    ...(said === undefined ? [] : [said]),
    ...(requiresPython === undefined || allows(requiresPython, version)
      ? []
      : [unfit(requiresPython, version)]),
    ...ofPyproject(entries),
    ...(parts.length > 0 ? [`requirements.txt: ${parts.join('; ')}`] : []),
  ];
}

/** What to say of a Python that pyproject.toml does not allow. */
export const unfit = (requiresPython: string, version: string): string =>
  `pyproject.toml asks for Python ${requiresPython}, and this is ${version}: write another one in config.yaml (\`python:\`)`;

function ofPyproject(entries: Entry[]): string[] {
  if (entries[0]?.file !== 'pyproject.toml') return [];
  if (entries[0].local !== undefined)
    return [
      'there is no requirements.txt: the package of pyproject.toml is installed, with what it asks for',
    ];
  const few = entries.slice(0, 3).map(({ text }) => text);
  const more = entries.length > few.length ? [`${entries.length - few.length} more`] : [];
  return [`there is no requirements.txt: packages of pyproject.toml: ${[...few, ...more].join(', ')}`];
}
