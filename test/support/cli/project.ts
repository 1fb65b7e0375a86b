/** Projects and runs for tests: real folders, real processes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../../bin/gcd-sfn.js', import.meta.url));
export const packageRoot = dirname(dirname(main));

/** Renders images with less work for the compiler: it optimises what runs only once. */
export const nodeOptions = ['--liftoff-only'];

/** Set in the environment of everything that a test starts, so that what is left over can be found. */
const mark = `gcd-test-${randomUUID()}`;

export interface Finished {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

export interface Started {
  process: ChildProcess;
  finished: Promise<Finished>;
}

/** Starts the command line as a user would, without a terminal. */
export function startCommand(
  args: string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Started {
  const child = spawn(process.execPath, [...nodeOptions, main, ...args], {
    cwd: options.cwd ?? tmpdir(),
    env: { ...process.env, GCD_TEST_MARK: mark, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  const finished = new Promise<Finished>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { process: child, finished };
}

/** Runs the command line to its end. */
export function command(
  args: string[],
  options?: { cwd?: string; env?: Record<string, string> },
): Promise<Finished> {
  return startCommand(args, options).finished;
}

/** Makes a project folder in the temporary folder; `remove` takes it away. */
export async function newProject(files: Record<string, string>): Promise<{
  folder: string;
  read: (path: string) => Promise<string>;
  write: (path: string, text: string) => Promise<void>;
  remove: () => Promise<void>;
}> {
  const folder = await mkdtemp(join(tmpdir(), 'gcd project '));
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  for (const [path, text] of Object.entries(files)) await write(path, text);
  return {
    folder,
    write,
    read: (path) => readFile(join(folder, path), 'utf8'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Pids of living processes that a test of this process started, directly or not. Linux only: looks into /proc. */
export function leftOver(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        const isZombie = readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z ');
        return !isZombie && readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark);
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** Waits until a condition holds; gives up after a while. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  ms = 20_000,
): Promise<void> {
  const end = performance.now() + ms;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
