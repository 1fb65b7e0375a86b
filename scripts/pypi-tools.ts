/** Programs from PyPI that tests use: installed into a virtual environment in the user's cache folder, once. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { defaultCache } from '../adapters/local/environments/cache/environment-cache.ts';

const run = promisify(execFile);

/** Packages with their pinned versions, as pip takes them. */
export class PypiTools {
  readonly #packages: string[];
  readonly #folder: string;
  /** The Python that has them, when they are installed. The programs beside it do not find it: their folder was renamed. */
  readonly python: string;

  constructor(name: string, packages: string[]) {
    this.#packages = packages;
    this.#folder = join(dirname(defaultCache(process.env)), 'test', name);
    this.python = join(this.#folder, 'bin', 'python');
  }

  /** Installs them unless they are there, and prints the path of their Python. Without PyPI: one line, exit code 3. */
  async install(): Promise<void> {
    try {
      if (!existsSync(this.python)) await this.#fetch();
      console.log(this.python);
    } catch (error) {
      const lines = String((error as { stderr?: string }).stderr ?? error)
        .trim()
        .split('\n');
      console.error(`${this.#packages.join(' and ')} cannot be installed from PyPI: ${lines.at(-1)}`);
      process.exitCode = 3;
    }
  }

  async #fetch(): Promise<void> {
    await mkdir(dirname(this.#folder), { recursive: true });
    const half = await mkdtemp(`${this.#folder}.installing-`);
    try {
      await run('python3', ['-m', 'venv', half]);
      const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...this.#packages];
      await run(join(half, 'bin', 'python'), pip);
      await rename(half, this.#folder).catch((error) => {
        // Another suite that began at the same time was faster.
        if (!existsSync(this.python)) throw error;
      });
    } finally {
      await rm(half, { recursive: true, force: true });
    }
  }
}
