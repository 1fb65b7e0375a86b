/** Whoever started this process to wait for it: npm, npx, or the launcher for an old Node. */
import { readFileSync } from 'node:fs';
import { isRunning } from '../../adapters/local/is-running.ts';

/** Milliseconds between two looks whether it is there still. */
const everyMs = 500;
/** Between npm and this process stand a shell and the launcher. */
const mostSteps = 3;

/**
 * Takes the starter's end for SIGTERM: npm ends without a word to what it runs, and a killed launcher has none either.
 * A shell's end is no reason: `gcd-sfn start &` goes on.
 * @returns a function that stops looking
 */
export function endWithStarter(): () => void {
  const starter = starterOf(process.env, process.ppid);
  if (starter === undefined) return () => {};
  const timer = setInterval(() => {
    if (isRunning(starter)) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** Process id of npm or, without it, of the launcher; undefined when neither started this process. */
function starterOf(env: NodeJS.ProcessEnv, parent: number): number | undefined {
  const launcher = env.GCD_SFN_NODE === 'bundled' ? parent : undefined;
  if (env.npm_command === undefined) return launcher;
  let pid: number | undefined = parent;
  for (let step = 0; step < mostSteps && pid !== undefined && pid > 1; step++) {
    const { name, above } = processOf(pid);
    if (/\bnp[mx]\b/.test(name)) return pid;
    pid = above;
  }
  return launcher;
}

/** What a process calls itself, and its parent; empty where the system has no /proc. */
function processOf(pid: number): { name: string; above?: number } {
  try {
    const name = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    const above = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return above === undefined ? { name } : { name, above: Number(above) };
  } catch {
    return { name: '' };
  }
}
