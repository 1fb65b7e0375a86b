/** Creates an environment with the local packages on top of a base environment, which has all others. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Complete } from '../cache/environment-cache.ts';
import { buildLocalPackages, type InstallContext } from './base-environment.ts';
import { installFailed, venvFailed } from './install-errors.ts';
import { pipCommand, scriptCommand, venvCommand } from './pip.ts';

/** Appends the packages of a folder to sys.path, including those of its .pth files. */
const link = (folder: string) => `import site; site.addsitedir(${JSON.stringify(folder)})\n`;

const sitePackagesScript =
  'import sysconfig; print(*{sysconfig.get_paths()[n]: 0 for n in ("purelib", "platlib")}, sep="\\n")';

/**
 * @param home absolute path of the new environment
 * @param base absolute path of the base environment; `name` is its key and the name of its folder
 */
export async function createLocalPackagesEnvironment(
  home: string,
  base: { home: string; name: string } & Pick<Complete, 'relaxed' | 'notices' | 'made'>,
  context: InstallContext,
): Promise<Omit<Complete, 'home'>> {
  const { plan, cache, log, report, run, wheels } = context;
  const { version, executable } = plan.interpreter;
  await buildLocalPackages(base.home, context);
  report('installing the local packages');
  const venv = await run(venvCommand(executable, home, '--without-pip'));
  const below = await run(scriptCommand(base.home, sitePackagesScript));
  const own = await run(scriptCommand(home, sitePackagesScript));
  if (venv.code !== 0 || below.code !== 0 || own.code !== 0)
    throw venvFailed([...venv.output, ...below.output, ...own.output], version, log, cache);
  const folder = own.output[0]!;
  await writeFile(join(folder, 'gcd-sfn-base.pth'), below.output.map(link).join(''));
  const files = plan.locals.map(({ local }) => wheels.get(local)!);
  const options = ['--no-deps', '--no-index', '--no-warn-script-location', '--target', folder];
  const installed = await run(pipCommand(base.home, 'install', ...options, ...files));
  if (installed.code !== 0)
    throw installFailed({
      output: installed.output,
      entries: plan.entries,
      requirementsFile: log,
      log,
      cache,
      version,
    });
  return { version, base: base.name, relaxed: base.relaxed, notices: base.notices, made: base.made };
}
