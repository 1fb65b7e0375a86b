/** Environments on this machine: an interpreter without packages, or a virtual environment from the user's cache. */

import { plural } from '../../../core/format/numbers.ts';
import type { Environment, EnvironmentSpec, Environments } from '../../../ports/environments.ts';
import { tidy } from './cache/clean-cache.ts';
import { Cache, defaultCache } from './cache/environment-cache.ts';
import { ageNotice, makePlan, type Plan } from './environment-plan.ts';
import { venvMissing } from './install/install-errors.ts';
import { Installation } from './install/installation.ts';
import type { Variables } from './install/run-command.ts';
import { type Chosen, choosePython } from './python/choose-python.ts';
import { pinOf } from './python/python-version-file.ts';
import { allows } from './python/requires-python.ts';
import type { Entry } from './requirements/requirement.ts';
import { unsupportedLists } from './requirements/unsupported-files.ts';

/** Options of a Python that ignores the caller's PYTHONPATH. */
export const isolated = ['-E'];

export interface LocalEnvironmentsOptions {
  /** Absolute path of the folder for virtual environments; default: in the user's cache folder. */
  cache?: string;
  /** Environment variables for finding Pythons (PATH) and for pip; default: those of this process. */
  env?: Variables;
  /** Milliseconds after which an interpreter that does not answer is skipped; default 10,000. */
  probeTimeoutMs?: number;
  /** Whether to reinstall packages once, since newer versions of unpinned packages may exist. */
  renew?: boolean;
}

/** `find` and `build` also throw ProjectInvalid if requirements.txt refers to a file outside the project folder. */
export class LocalEnvironments implements Environments {
  readonly #cache: Cache;
  readonly #env: Variables;
  readonly #probeTimeoutMs: number;
  readonly #interpreters = new Map<string, Promise<Chosen>>();
  readonly #renew: boolean;
  /** Keys of environments that were reinstalled already. */
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
      const unread = await unsupportedLists(wanted.project);
      const notice = unread
        ? [`requirements.txt is missing, and ${unread.files.join(' and ')} is not supported. ${unread.hint}`]
        : [];
      return { python: [executable], version, notices: [...planNotices(plan, []), ...notice] };
    }
    if (this.#mustRenew(plan) || !(await this.#cache.find(plan.key))) return undefined;
    // Mark, then look again: clean-cache.ts hides an environment, then checks the marks.
    for (const key of new Set([plan.base, plan.key])) await this.#cache.uses.mark(key);
    const found = await this.#cache.find(plan.key);
    if (!found) return undefined;
    const python = [found.python, ...isolated];
    return {
      python,
      version,
      notices: [...planNotices(plan, found.relaxed), ...found.notices, ...ageNotice(plan, found.made)],
    };
  }

  async build(wanted: EnvironmentSpec): Promise<{ detail: string }> {
    const plan = await this.#plan(wanted);
    const { venv } = plan.interpreter;
    if (plan.entries.length === 0) return { detail: 'nothing to install' };
    if (!venv) throw venvMissing(plan.interpreter);
    let work = this.#installationOf(plan.key);
    if (!work) {
      await this.#installation?.work.cancel();
      work = new Installation(plan, this.#cache, this.#env, this.#mustRenew(plan));
      this.#installation = { key: plan.key, base: plan.base, work };
    }
    await work.started;
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

  /** Removes environments that were not used for long, at most once a day. Never fails. */
  async tidy(): Promise<void> {
    const [interpreter] = this.#interpreters.values();
    if (interpreter)
      await interpreter.then(({ executable }) => tidy(this.#cache, executable)).catch(() => {});
  }

  #mustRenew({ base }: Plan): boolean {
    if (this.#installation?.base === base && this.#installation.work.renewed) this.#renewed.add(base);
    return this.#renew && !this.#renewed.has(base);
  }

  /** The installation of a key that is running or has failed; undefined if it has ended with success. */
  #installationOf(key: string): Installation | undefined {
    const current = this.#installation;
    if (current?.key !== key) return undefined;
    return current.work.over && current.work.failure === undefined ? undefined : current.work;
  }

  /**
   * The interpreter of a project's environment; determined once.
   * @param project absolute path of its folder
   * @throws PythonUnsuitable
   */
  async interpreter(python: string | null, project: string): Promise<Chosen> {
    // A frozen copy has the same .python-version as its project, or lies below it.
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

/** Notices about the Python and the list of packages. */
function planNotices({ entries, leftOut, interpreter, requiresPython }: Plan, relaxed: string[]): string[] {
  const { notice, version } = interpreter;
  const few = leftOut.length > 3 ? `${leftOut.slice(0, 2).join(', ')}, …` : leftOut.join(', ');
  const servers = `left out ${plural(leftOut.length, 'server package')} of the predecessor (${few})`;
  const parts = [...(leftOut.length > 0 ? [servers] : []), ...relaxed];
  return [
    ...(notice === undefined ? [] : [notice]),
    ...(requiresPython === undefined || allows(requiresPython, version)
      ? []
      : [requiresPythonNotice(requiresPython, version)]),
    ...pyprojectNotice(entries),
    ...(parts.length > 0 ? [`requirements.txt: ${parts.join('; ')}`] : []),
  ];
}

/** The notice for a Python that pyproject.toml does not allow. */
export const requiresPythonNotice = (requiresPython: string, version: string): string =>
  `pyproject.toml requires Python ${requiresPython}, and this is ${version}: set another one in config.yaml (\`python:\`)`;

function pyprojectNotice(entries: Entry[]): string[] {
  if (entries[0]?.file !== 'pyproject.toml') return [];
  if (entries[0].local !== undefined)
    return ['requirements.txt is missing: using the package of pyproject.toml with its dependencies'];
  const few = entries.slice(0, 3).map(({ text }) => text);
  const more = entries.length > few.length ? [`${entries.length - few.length} more`] : [];
  return [
    `requirements.txt is missing: using the packages of pyproject.toml: ${[...few, ...more].join(', ')}`,
  ];
}
