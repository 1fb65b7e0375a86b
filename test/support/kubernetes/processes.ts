/** Containers as processes of this machine: no image, no isolation; environment, folders, signals, log and last words. */
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { environmentOf } from './environment.ts';
import type { Pod, Run, Running } from './types.ts';

export interface ProcessOptions {
  /** A program that is given the container's command; empty: the command is run as it is. */
  command: string[];
  /** What pods get beside their own variables, as the Pod Identity webhook would add them. */
  env: Record<string, string>;
  /** Folder for the folders of pods; they stay, for whoever looks for a mistake. */
  folder?: string;
}

/** Of the log, when a container has no last words. */
const lastWordsLength = 2048;
const keptLog = 2 ** 20;
const probeMs = 200;

export function runProcesses({ command, env, folder }: ProcessOptions): Run {
  const root = folder ?? mkdtempSync(join(tmpdir(), 'stand-in-'));
  return (pod) => start(pod, { command, env, root });
}

function start(
  pod: Pod,
  { command, env, root }: { command: string[]; env: Record<string, string>; root: string },
): Running {
  const container = pod.spec?.containers?.[0];
  if (!container) throw new Error('a pod without a container');
  const own = join(root, pod.metadata.name);
  const mounts = (container.volumeMounts ?? []).map(({ mountPath }) => mountPath);
  for (const mount of mounts) mkdirSync(join(own, mount), { recursive: true });
  mkdirSync(own, { recursive: true });
  /** A path in a volume, as this machine has it. */
  const moved = (text: string) =>
    mounts.some((mount) => text === mount || text.startsWith(`${mount}/`)) ? join(own, text) : text;

  const lastWords = join(own, 'termination-log');
  const words = [...command, ...(container.command ?? []), ...(container.args ?? [])].map(moved);
  // One that is run again has not said anything yet.
  rmSync(lastWords, { force: true });
  const workdir = container.workingDir ?? '';
  const child = spawn(words[0] ?? '', words.slice(1), {
    cwd: existsSync(workdir) ? workdir : own,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: own,
      ...env,
      ...Object.fromEntries(Object.entries(environmentOf(pod)).map(([name, value]) => [name, moved(value)])),
      STAND_IN_IMAGE: container.image,
      STAND_IN_FOLDER: own,
      STAND_IN_WORKDIR: workdir,
      STAND_IN_TERMINATION_LOG: lastWords,
    },
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-keptLog);
      appendFileSync(join(own, 'log'), text);
    });

  const exited = Promise.withResolvers<{ code: number; message?: string; reason?: string }>();
  let isOver = false;
  let killing: NodeJS.Timeout | undefined;
  const kill = (signal: NodeJS.Signals, group = true) => {
    try {
      if (child.pid) process.kill(group ? -child.pid : child.pid, signal);
    } catch {
      // It has gone by itself.
    }
  };
  const end = (code: number) => {
    isOver = true;
    clearTimeout(killing);
    kill('SIGKILL');
    const said = existsSync(lastWords) ? readFileSync(lastWords, 'utf8') : '';
    const message = said || (code === 0 ? '' : log.slice(-lastWordsLength));
    exited.resolve({ code, ...(message && { message }) });
  };
  child.on('error', (error) => {
    log += `${error.message}\n`;
    end(127);
  });
  child.on('close', (code, signal) => end(code ?? 128 + (signal === 'SIGKILL' ? 9 : 15)));

  const probe = container.readinessProbe?.exec?.command?.map(moved);
  return {
    ready: probe ? readiness(probe, () => isOver) : Promise.resolve(),
    exited: exited.promise,
    log: () => log,
    terminate: (graceSeconds) => {
      clearTimeout(killing);
      if (graceSeconds === 0) return kill('SIGKILL');
      kill('SIGTERM', false);
      killing = setTimeout(() => kill('SIGKILL'), graceSeconds * 1000);
    },
  };
}

/** When the probe succeeds for the first time. */
async function readiness([file = '', ...args]: string[], isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const code = await new Promise<number | null>((resolve) => {
      const probe = spawn(file, args, { stdio: 'ignore' });
      probe.on('error', () => resolve(1));
      probe.on('close', resolve);
    });
    if (code === 0) return;
    await sleep(probeMs);
  }
  throw new Error('it ended before it was ready');
}
