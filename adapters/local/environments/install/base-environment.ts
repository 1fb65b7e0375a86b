/** Makes the environment with all packages of a list but the local ones, which only say what they need. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Complete } from '../cache/environment-cache.ts';
import type { Plan } from '../environment-plan.ts';
import { copyForBuild, isLocal, type LocalEntry } from '../requirements/local-packages.ts';
import { fencedPackages, relax, relaxedNotices, requirementsText } from '../requirements/relax-versions.ts';
import type { Entry } from '../requirements/requirement.ts';
import { installFailed, venvFailed } from './install-errors.ts';
import { installCommand, pipCommand, venvCommand, wheelCommand } from './pip.ts';
import type { Variables } from './run-command.ts';
import { installWithUv } from './uv.ts';

/** What making an environment has at hand. */
export interface Making {
  plan: Plan;
  /** Folder of the cache; path of the file that gets all output. */
  cache: string;
  log: string;
  /** Says what is being done right now. */
  tell(doing: string): void;
  /** Runs a command to its end. */
  run(command: string[], env?: Variables): Promise<{ code: number | null; output: string[] }>;
  /** Whether what is kept of indexes is out of date. */
  renew: boolean;
  /** Variables that pip gets. */
  env: Variables;
  /** Folder for what is needed while it is made; need not exist. */
  scratch: string;
  /** Wheels of the local packages, by their folders, once they are built. */
  wheels: Map<string, string>;
}

/** @param home absolute path of the new environment */
export async function makeBase(home: string, making: Making): Promise<Omit<Complete, 'home'>> {
  const { plan, cache, log, tell, run } = making;
  const { interpreter, locals } = plan;
  const { version } = interpreter;
  tell(`making a virtual environment with Python ${version}`);
  const made = await run(venvCommand(interpreter.executable, home));
  if (made.code !== 0) throw venvFailed(made.output, version, log, cache);

  await buildLocals(home, making);
  const entries = plan.entries.map((entry) => withWheel(entry, making.wheels));
  tell('installing packages');
  const given = `${home}/requirements.txt`;
  const fenced = fencedPackages(entries);
  await writeFile(given, requirementsText(entries, fenced));
  const quick = await installWithUv({
    home,
    given,
    entries,
    cache,
    env: making.env,
    renew: making.renew,
    run,
  });
  let { output } = quick;
  if (output === undefined && quick.begun) await run(venvCommand(interpreter.executable, home, '--clear'));
  while (output === undefined) {
    await writeFile(given, requirementsText(entries, fenced));
    const installed = await run(installCommand(home, given));
    if (installed.code === 0) output = installed.output;
    else if (!relax(fenced, installed.output))
      throw installFailed({ output: installed.output, entries, given, log, cache, version });
  }

  tell('checking the installed packages');
  const checked = await run(pipCommand(home, 'check'));
  const notices = checked.code === 0 ? [] : [`pip check: ${checked.output.slice(0, 3).join('; ')}`];
  // They come on top, as they are in each run; here they would stay as they are now.
  const names = locals.map(({ local }) => nameOfWheel(making.wheels.get(local)!));
  if (names.length > 0) await run(pipCommand(home, 'uninstall', '--yes', ...names));
  return { version, relaxed: relaxedNotices(fenced, output, version), notices, made: Date.now() };
}

/** Builds those that are not built yet, with the pip of an environment. */
export async function buildLocals(home: string, making: Making): Promise<void> {
  const { plan, cache, log, tell, run, wheels, scratch } = making;
  for (const [index, entry] of plan.locals.entries()) {
    if (wheels.has(entry.local)) continue;
    tell(`building the local package of ${entry.file}, line ${entry.line}`);
    const folder = join(scratch, `${index}`);
    const copy = join(folder, 'source');
    const built = join(folder, 'wheel');
    await mkdir(built, { recursive: true });
    await copyForBuild(entry.local, copy);
    const { code, output } = await run(wheelCommand(home, copy, built));
    const [wheel] = (await readdir(built)).filter((name) => name.endsWith('.whl'));
    if (code !== 0 || wheel === undefined)
      throw installFailed({
        output: output.map((line) => line.replaceAll(copy, entry.local)),
        entries: [entry],
        given: entry.local,
        log,
        cache,
        version: plan.interpreter.version,
      });
    wheels.set(entry.local, join(built, wheel));
  }
}

/** The same entry, asking for the wheel. */
function withWheel(entry: Entry, wheels: Map<string, string>): Entry {
  const wheel = isLocal(entry) ? wheels.get((entry as LocalEntry).local) : undefined;
  return wheel === undefined ? entry : { ...entry, text: wheel + entry.text.slice(entry.local!.length) };
}

const nameOfWheel = (path: string): string => path.slice(path.lastIndexOf('/') + 1).split('-')[0]!;
