/**
 * Installs what judges the stack's template in `npm run test:stack` into a virtual environment in the user's cache
 * folder, once. `node scripts/stack-lint.ts`. Without PyPI: one line, exit code 3.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { defaultCache } from '../adapters/local/environments/venv.ts';

/** Pinned: a newer one finds more, which is to be seen when it is wanted. */
const packages = ['cfn-lint==1.58.0', 'checkov==3.3.30'];
const run = promisify(execFile);

const folder = join(dirname(defaultCache(process.env)), 'test', packages.join('+').replaceAll('==', '-'));
/** Its Python. The programs beside it do not find it: the folder was renamed when it was whole. */
export const lintPython: string = join(folder, 'bin', 'python');

async function install(): Promise<void> {
  if (existsSync(lintPython)) return;
  await mkdir(dirname(folder), { recursive: true });
  const half = await mkdtemp(`${folder}.installing-`);
  try {
    await run('python3', ['-m', 'venv', half]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages];
    await run(join(half, 'bin', 'python'), pip);
    await rename(half, folder);
  } finally {
    await rm(half, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  try {
    await install();
    console.log(lintPython);
  } catch (error) {
    const lines = String((error as { stderr?: string }).stderr ?? error)
      .trim()
      .split('\n');
    console.error(`${packages.join(' and ')} cannot be installed from PyPI: ${lines.at(-1)}`);
    process.exitCode = 3;
  }
}
