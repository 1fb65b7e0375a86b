/** Runs short commands with a time limit, and long ones that end with this process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export type Variables = Record<string, string | undefined>;

export interface Ended {
  /** Null if a signal or the time limit ended it, or if it could not be started. */
  code: number | null;
  stdout: string;
  /** Standard error, or why it could not be started. */
  stderr: string;
  timedOut: boolean;
}

/** Runs a command; kills it with its process group after `timeoutMs`. Never throws. */
export function run(
  command: string,
  args: string[],
  { timeoutMs, ...options }: { env: Variables; timeoutMs: number; cwd?: string },
): Promise<Ended> {
  const child = spawn(command, args, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      killGroup(child);
      resolve({ code: null, stdout, stderr, timedOut: true });
    }, timeoutMs);
    const end = (code: number | null, why = '') => {
      clearTimeout(timer);
      resolve({ code, stdout, stderr: stderr + why, timedOut: false });
    };
    child.once('error', (error) => end(null, error.message));
    child.once('close', (code) => end(code));
  });
}

/** Kills its process group when standard input ends, i.e. when the parent process has ended. */
const watchdog = `
import os, signal, subprocess, sys, threading
def watch():
    os.read(0, 1)
    os.killpg(os.getpgrp(), signal.SIGKILL)
threading.Thread(target=watch, daemon=True).start()
code = subprocess.call(sys.argv[1:], stdin=subprocess.DEVNULL, stderr=subprocess.STDOUT)
os._exit(code if code >= 0 else 1)
`;

export interface LongCommand {
  /** Exit code; null if a signal ended it or it could not be started. */
  ended: Promise<number | null>;
  /** Kills its process group. */
  kill(): void;
}

/**
 * Starts a command that ends when this process ends, even by SIGKILL.
 * @param python absolute path of any Python 3.8 or newer, which watches this process
 * @param onLine gets each line of standard output and standard error
 */
export function startLong(
  python: string,
  command: string[],
  options: { env: Variables; onLine: (line: string) => void },
): LongCommand {
  const child = spawn(python, ['-I', '-S', '-c', watchdog, ...command], {
    env: options.env,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => {});
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', options.onLine);
  const ended = new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      options.onLine(`ERROR: ${error.message}`);
      resolve(null);
    });
    child.once('close', (code) => resolve(code));
  });
  return { ended, kill: () => killGroup(child) };
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Already ended.
  }
}
