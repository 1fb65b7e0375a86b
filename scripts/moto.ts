/**
 * Installs moto, which stands in for AWS in `npm run test:aws`, into a virtual environment in the user's cache folder, once.
 * `node scripts/moto.ts` prints the path of its Python. Without PyPI: one line, exit code 3.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { defaultCache } from '../adapters/local/environments/venv.ts';

/** Pinned: tests say what AWS does, and moto's idea of that changes. */
const version = '5.2.5';
const run = promisify(execFile);

const folder = join(dirname(defaultCache(process.env)), 'test', `moto-${version}`);
/** The Python that has it, when it is installed: `-m moto.server` starts the server. */
export const motoPython: string = join(folder, 'bin', 'python');

async function install(): Promise<void> {
  if (existsSync(motoPython)) return;
  await mkdir(dirname(folder), { recursive: true });
  const half = await mkdtemp(`${folder}.installing-`);
  try {
    await run('python3', ['-m', 'venv', half]);
    const pip = [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      `moto[s3,server]==${version}`,
    ];
    await run(join(half, 'bin', 'python'), pip);
    await rename(half, folder);
  } finally {
    await rm(half, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  try {
    await install();
    console.log(motoPython);
  } catch (error) {
    const lines = String((error as { stderr?: string }).stderr ?? error)
      .trim()
      .split('\n');
    console.error(`moto ${version} cannot be installed from PyPI: ${lines.at(-1)}`);
    process.exitCode = 3;
  }
}
