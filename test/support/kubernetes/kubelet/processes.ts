/** Runs containers as processes of this machine: with environment, volumes, signals, log and termination message; without image and isolation. */
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseQuantity } from '../api-server/validate.ts';
import type { Pod, Run, Running } from '../types.ts';

export interface ProcessOptions {
  /** Program that gets the container's command as arguments; empty: the command itself is run. */
  command: string[];
  /** Further variables of each pod, such as those of the Pod Identity webhook. */
  env: Record<string, string>;
  /** Folder of the pods' folders, which are kept for debugging. */
  folder?: string;
}

/** Length of the end of the log that replaces a missing termination message. */
const fallbackLength = 2048;
const maximumLog = 2 ** 20;
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
  /** Maps a path in a volume to this machine. */
  const mapped = (text: string) =>
    mounts.some((mount) => text === mount || text.startsWith(`${mount}/`)) ? join(own, text) : text;

  const terminationLog = join(own, 'termination-log');
  const words = [...command, ...(container.command ?? []), ...(container.args ?? [])].map(mapped);
  // A restarted container has no termination message yet.
  rmSync(terminationLog, { force: true });
  const workdir = container.workingDir ?? '';
  const child = spawn(words[0] ?? '', words.slice(1), {
    cwd: existsSync(workdir) ? workdir : own,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: own,
      ...env,
      ...Object.fromEntries(Object.entries(environmentOf(pod)).map(([name, value]) => [name, mapped(value)])),
      STAND_IN_IMAGE: container.image,
      STAND_IN_FOLDER: own,
      STAND_IN_WORKDIR: workdir,
      STAND_IN_TERMINATION_LOG: terminationLog,
    },
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-maximumLog);
      appendFileSync(join(own, 'log'), text);
    });

  const exited = Promise.withResolvers<{ code: number; message?: string; reason?: string }>();
  let isOver = false;
  let killing: NodeJS.Timeout | undefined;
  const kill = (signal: NodeJS.Signals, group = true) => {
    try {
      if (child.pid) process.kill(group ? -child.pid : child.pid, signal);
    } catch {
      // The process has ended.
    }
  };
  const end = (code: number) => {
    isOver = true;
    clearTimeout(killing);
    kill('SIGKILL');
    const written = existsSync(terminationLog) ? readFileSync(terminationLog, 'utf8') : '';
    const message = written || (code === 0 ? '' : log.slice(-fallbackLength));
    exited.resolve({ code, ...(message && { message }) });
  };
  child.on('error', (error) => {
    log += `${error.message}\n`;
    end(127);
  });
  child.on('close', (code, signal) => end(code ?? 128 + (signal === 'SIGKILL' ? 9 : 15)));

  const probe = container.readinessProbe?.exec?.command?.map(mapped);
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

/** Resolves when the probe succeeds for the first time. */
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

/** The variables of a pod's first container, with their references resolved. @throws Error for unknown references */
export function environmentOf(pod: Pod): Record<string, string> {
  const container = pod.spec?.containers?.[0];
  const env: Record<string, string> = {};
  for (const { name, value, valueFrom } of container?.env ?? []) {
    if (!valueFrom) {
      env[name] = value ?? '';
      continue;
    }
    const path = valueFrom.fieldRef?.fieldPath;
    const fields: Record<string, string | undefined> = {
      'metadata.name': pod.metadata.name,
      'metadata.namespace': pod.metadata.namespace,
      'metadata.uid': pod.metadata.uid,
      'spec.nodeName': pod.spec?.nodeName,
    };
    const limit = /^limits\.([\w-]+)$/.exec(valueFrom.resourceFieldRef?.resource ?? '')?.[1];
    const found =
      path === undefined
        ? limit && String(parseQuantity(container?.resources?.limits?.[limit]))
        : fields[path];
    if (found === undefined) throw new Error(`unknown reference of variable ${name}`);
    env[name] = found;
  }
  return env;
}
