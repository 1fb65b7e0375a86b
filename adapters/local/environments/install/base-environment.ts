/** Creates the environment with all packages except the local ones, whose dependencies it has. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Complete } from '../cache/environment-cache.ts';
import type { Plan } from '../environment-plan.ts';
import { copyForBuild, isLocal, type LocalEntry } from '../requirements/local-packages.ts';
import {
  type FencedPackage,
  fencedPackages,
  relax,
  relaxedNotices,
  requirementsText,
} from '../requirements/relax-versions.ts';
import type { Entry } from '../requirements/requirement.ts';
import { installFailed, venvFailed } from './install-errors.ts';
import { installCommand, pipCommand, venvCommand, wheelCommand } from './pip.ts';
import type { Variables } from './run-command.ts';
import { installWithUv } from './uv.ts';

/** What the creation of an environment needs. */
export interface InstallContext {
  plan: Plan;
  /** Absolute path of the cache folder. */
  cache: string;
  /** Path of the file that gets the complete output. */
  log: string;
  /** Reports what is being done now. */
  report(progress: string): void;
  /** Runs a command to its end. */
  run(command: string[], env?: Variables): Promise<{ code: number | null; output: string[] }>;
  /** Whether to ask the package indexes again instead of using cached answers. */
  renew: boolean;
  /** Environment variables for pip. */
  env: Variables;
  /** Folder for temporary files; need not exist. */
  scratch: string;
  /** Wheels of the local packages that are built already, by folder. */
  wheels: Map<string, string>;
}

/** @param home absolute path of the new environment */
export async function createBaseEnvironment(
  home: string,
  context: InstallContext,
): Promise<Omit<Complete, 'home'>> {
  const { plan, cache, log, report, run } = context;
  const { interpreter, locals } = plan;
  const { version } = interpreter;
  report(`creating a virtual environment with Python ${version}`);
  const venv = await run(venvCommand(interpreter.executable, home));
  if (venv.code !== 0) throw venvFailed(venv.output, version, log, cache);

  await buildLocalPackages(home, context);
  const entries = plan.entries.map((entry) => withWheel(entry, context.wheels));
  report('installing packages');
  const { fenced, output } = await installPackages(home, entries, context);

  report('checking the installed packages');
  const checked = await run(pipCommand(home, 'check'));
  const notices = checked.code === 0 ? [] : [`pip check: ${checked.output.slice(0, 3).join('; ')}`];
  // Local packages change from run to run: the environment on top has them.
  const names = locals.map(({ local }) => distributionOf(context.wheels.get(local)!));
  if (names.length > 0) await run(pipCommand(home, 'uninstall', '--yes', ...names));
  return { version, relaxed: relaxedNotices(fenced, output, version), notices, made: Date.now() };
}

/** Installs with uv, else with pip, which may relax the predecessor's pins. */
async function installPackages(
  home: string,
  entries: Entry[],
  { plan, cache, log, run, env, renew }: InstallContext,
): Promise<{ fenced: Map<string, FencedPackage>; output: string[] }> {
  const { executable, version } = plan.interpreter;
  const requirementsFile = `${home}/requirements.txt`;
  const fenced = fencedPackages(entries);
  await writeFile(requirementsFile, requirementsText(entries, fenced));
  const uv = await installWithUv({ home, requirementsFile, entries, cache, env, renew, run });
  if (uv.output !== undefined) return { fenced, output: uv.output };
  if (uv.isChanged) await run(venvCommand(executable, home, '--clear'));
  for (;;) {
    await writeFile(requirementsFile, requirementsText(entries, fenced));
    const { code, output } = await run(installCommand(home, requirementsFile));
    if (code === 0) return { fenced, output };
    if (!relax(fenced, output))
      throw installFailed({ output, entries, requirementsFile, log, cache, version });
  }
}

/** Builds the wheels of local packages that are not built yet, with the pip of an environment. */
export async function buildLocalPackages(home: string, context: InstallContext): Promise<void> {
  const { plan, cache, log, report, run, wheels, scratch } = context;
  for (const [index, entry] of plan.locals.entries()) {
    if (wheels.has(entry.local)) continue;
    report(`building the local package of ${entry.file}, line ${entry.line}`);
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
        requirementsFile: entry.local,
        log,
        cache,
        version: plan.interpreter.version,
      });
    wheels.set(entry.local, join(built, wheel));
  }
}

/** The entry with the wheel instead of the folder. */
function withWheel(entry: Entry, wheels: Map<string, string>): Entry {
  const wheel = isLocal(entry) ? wheels.get((entry as LocalEntry).local) : undefined;
  return wheel === undefined ? entry : { ...entry, text: wheel + entry.text.slice(entry.local!.length) };
}

const distributionOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1).split('-')[0]!;
