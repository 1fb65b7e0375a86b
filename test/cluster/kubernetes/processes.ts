/** Processes of the cluster. They outlive the process that started them: their ids are in files, for whoever ends them. */
import { spawn } from 'node:child_process';
import { mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { at } from './settings.ts';

const pauseMs = 100;
const endMs = 10_000;

/** Starts a program in a session of its own; its output goes to `logs/NAME.log`. */
export function startProcess(name: string, command: string, args: string[]): void {
  for (const folder of ['processes', 'logs']) mkdirSync(at(folder), { recursive: true });
  const log = openSync(at('logs', `${name}.log`), 'a');
  const child = spawn(command, args, { detached: true, stdio: ['ignore', log, log] });
  child.on('error', () => undefined);
  child.unref();
  if (child.pid === undefined) throw new Error(`${command} cannot be started`);
  const { pid } = child;
  writeFileSync(at('processes', name), `${pid} ${startOf(pid)}`);
}

/** Ends a process that `startProcess` started, in this or another process, and waits for its end. */
export async function endProcess(name: string, signal: 'SIGTERM' | 'SIGKILL' = 'SIGKILL'): Promise<void> {
  const pid = runningPid(name);
  if (pid !== undefined) {
    kill(pid, signal);
    const until = Date.now() + endMs;
    while (runningPid(name) !== undefined) {
      if (Date.now() > until) kill(pid, 'SIGKILL');
      await sleep(20);
    }
  }
  rmSync(at('processes', name), { force: true });
}

/** Names of all processes that were started and not ended. */
export function processNames(): string[] {
  try {
    return readdirSync(at('processes'));
  } catch {
    return [];
  }
}

/** The id of a process that still runs. An id that the system gave to another process since then is not it. */
export function runningPid(name: string): number | undefined {
  try {
    const [pid, start] = readFileSync(at('processes', name), 'utf8').split(' ');
    return startOf(Number(pid)) === start ? Number(pid) : undefined;
  } catch {
    return undefined;
  }
}

/** When a process began, in the clock ticks of /proc/PID/stat; empty if it has ended, also as a zombie that nobody reaped. */
export function startOf(pid: number): string {
  try {
    const fields =
      readFileSync(join('/proc', String(pid), 'stat'), 'utf8')
        .split(') ')[1]
        ?.split(' ') ?? [];
    return /^[ZX]$/.test(fields[0] ?? 'X') ? '' : (fields[19] ?? '');
  } catch {
    return '';
  }
}

/** Polls until `look` neither throws nor returns false. @throws with the end of the process's log after `seconds` */
export async function waitFor(what: string, log: string, seconds: number, look: () => Promise<unknown>) {
  const until = Date.now() + seconds * 1000;
  let last: unknown;
  while (Date.now() < until) {
    try {
      if ((await look()) !== false) return;
    } catch (error) {
      last = error;
    }
    await sleep(pauseMs);
  }
  throw new Error(`${what}: not within ${seconds} s (${last ?? 'no error'})\n${endOf(log)}`);
}

function endOf(log: string): string {
  try {
    return readFileSync(at('logs', `${log}.log`), 'utf8')
      .split('\n')
      .slice(-20)
      .join('\n');
  } catch {
    return `no log of ${log}`;
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended.
  }
}
