/** A project whose tasks begin, and end only when the test says so: runs stand still for as long as a test looks at them. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect } from '@jest/globals';
import type { Live } from '../../../core/run-store/status/live.ts';
import { type Finished, leftOver, newProject, type Started, startCommand, until } from './project.ts';

/** A column that begins with Bad fails, one that begins with Child starts another process. */
const entrypoint = `
import os, subprocess, time
control = os.environ["CONTROL"]
def wait_for(name):
    while not (os.path.exists(os.path.join(control, name)) or os.path.exists(os.path.join(control, "all"))):
        time.sleep(0.005)
def entrypoint(curr_process_file, curr_process_column):
    child = subprocess.Popen(["sleep", "1000"]) if curr_process_column.startswith("Child") else None
    open(os.path.join(control, curr_process_column + ".begun"), "w").close()
    wait_for(curr_process_column)
    if child: child.kill(); child.wait()
    if curr_process_column.startswith("Bad"): raise ValueError("no good")
    return {"column": curr_process_column}
`;

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  await until(() => leftOver().length === 0, 'the workers to end');
  expect(leftOver()).toEqual([]);
});

export interface Waiting {
  folder: string;
  write: (path: string, text: string) => Promise<void>;
  read: (path: string) => Promise<string>;
  /** Columns whose tasks have begun. */
  begun: () => string[];
  /** Lets a column's task end, or all of them. */
  release: (column?: string) => void;
  /** Begins a command, with `-p` and the project's folder. */
  begin: (...args: string[]) => Started;
  /** Runs one to its end. */
  run: (...args: string[]) => Promise<Finished>;
  /** Begins a run with two workers, and waits until both are at a task, and it says so. */
  start: (run: string) => Promise<Started>;
  live: (run: string) => Live | undefined;
}

export async function waitingProject(
  columns: string[],
  files: Record<string, string> = {},
): Promise<Waiting> {
  const control = mkdtempSync(join(tmpdir(), 'gcd-control-'));
  const project = await newProject({
    'entrypoint.py': entrypoint,
    'config.yaml': `data_bucket: ./data\nenv: {CONTROL: "${control}"}\n`,
    'data/a.csv': `${columns.join()}\n`,
    ...files,
  });
  const started: Started[] = [];
  const release = (column = 'all') => writeFileSync(join(control, column), '');
  cleanUps.push(async () => {
    release();
    for (const { process } of started) process.kill('SIGTERM');
    await Promise.all(started.map(({ finished }) => finished));
    await until(() => leftOver().length === 0, 'the workers to end');
    await project.remove();
    rmSync(control, { recursive: true });
  });
  const begin = (...[command, ...args]: string[]) => {
    const env = { XDG_CACHE_HOME: join(control, 'cache') };
    const one = startCommand([command as string, '-p', project.folder, ...args], { env });
    started.push(one);
    return one;
  };
  const begun = () =>
    readdirSync(control)
      .filter((name) => name.endsWith('.begun'))
      .map((name) => name.slice(0, -'.begun'.length));
  const live = (run: string): Live | undefined => {
    const path = join(project.folder, '.gcd/runs', run, 'live.json');
    return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
  };
  const start = async (run: string) => {
    const one = begin('start', '-n', '0', '-s', '2', '--name', run);
    await until(() => live(run)?.workers.filter(({ task }) => task).length === 2, 'two tasks');
    await until(() => begun().length >= 2, 'two tasks to begin');
    return one;
  };
  return { ...project, begun, release, begin, run: (...args) => begin(...args).finished, start, live };
}

/** Ends a process as a crash of it would, and waits until nothing of it is left. */
export async function kill(started: Started): Promise<void> {
  started.process.kill('SIGKILL');
  await started.finished;
}
