/** Makes an environment that has the local packages, and everything else from the environment below it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Complete } from '../cache/environment-cache.ts';
import { buildLocals, type Making } from './base-environment.ts';
import { installFailed, venvFailed } from './install-errors.ts';
import { pipCommand, scriptCommand, venvCommand } from './pip.ts';

/** Its own packages go first; .pth files of those below are heeded. */
const link = (folder: string) => `import site; site.addsitedir(${JSON.stringify(folder)})\n`;

const places =
  'import sysconfig; print(*{sysconfig.get_paths()[n]: 0 for n in ("purelib", "platlib")}, sep="\\n")';

/**
 * @param home absolute path of the new environment
 * @param base absolute path of the one below, and its key with its folder's name
 */
export async function makeTop(
  home: string,
  base: { home: string; name: string } & Pick<Complete, 'relaxed' | 'notices' | 'made'>,
  making: Making,
): Promise<Omit<Complete, 'home'>> {
  const { plan, cache, log, tell, run, wheels } = making;
  const { version, executable } = plan.interpreter;
  await buildLocals(base.home, making);
  tell('installing the local packages');
  const made = await run(venvCommand(executable, home, '--without-pip'));
  const below = await run(scriptCommand(base.home, places));
  const own = await run(scriptCommand(home, places));
  if (made.code !== 0 || below.code !== 0 || own.code !== 0)
    throw venvFailed([...made.output, ...below.output, ...own.output], version, log, cache);
  const folder = own.output[0]!;
  await writeFile(join(folder, 'gcd-sfn-base.pth'), below.output.map(link).join(''));
  const files = plan.locals.map(({ local }) => wheels.get(local)!);
  const options = ['--no-deps', '--no-index', '--no-warn-script-location', '--target', folder];
  const installed = await run(pipCommand(base.home, 'install', ...options, ...files));
  if (installed.code !== 0)
    throw installFailed({ output: installed.output, entries: plan.entries, given: log, log, cache, version });
  return { version, base: base.name, relaxed: base.relaxed, notices: base.notices, made: base.made };
}
