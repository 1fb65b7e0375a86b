/** Runs pods: the one container of each as a process of this machine, with what its image was made from. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pod, Run, Running } from '../../support/kubernetes/types.ts';
import { environmentOf } from './environment.ts';
import { Place } from './host-paths.ts';

export interface Containers {
  cluster: string;
  endpoint: string;
  /** Folder in which programs/docker.py keeps images. */
  images: string;
  /** Python packages that stand for those of the agent. */
  packages: string;
  /** For the pods' own files. */
  folder: string;
}

const processes = new Set<ChildProcess>();

/** Ends whatever still runs, and what it has started. */
export function endAll(): void {
  for (const child of processes) signal(child, 'SIGKILL');
}

function signal({ pid }: ChildProcess, name: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, name);
  } catch {
    // It has ended.
  }
}

/** Where a role's credentials are for the pod, as the Pod Identity agent decides it when the pod is made. */
async function identityOf({ endpoint, cluster }: Containers, pod: Pod): Promise<string | undefined> {
  const asked = new URLSearchParams({
    cluster,
    namespace: pod.metadata.namespace ?? 'default',
    account: pod.spec?.serviceAccountName ?? 'default',
  });
  const url = `${endpoint}/moto-api/box/credentials?${asked}`;
  return (await fetch(url)).ok ? url : undefined;
}

export const runContainers =
  (settings: Containers): Run =>
  (pod) => {
    const [container, ...others] = pod.spec?.containers ?? [];
    if (!container || others.length > 0) throw new Error('pods with one container only are imitated');
    const image = join(settings.images, encodeURIComponent(container.image ?? ''));
    if (!existsSync(image))
      return { waiting: { reason: 'ErrImagePull', message: `${container.image}: not found` } };
    const folder = join(settings.folder, `${pod.metadata.name}-${pod.metadata.uid}`);
    mkdirSync(folder, { recursive: true });
    // Each container has the image's files to itself.
    cpSync(join(image, 'project'), join(folder, 'project'), { recursive: true, verbatimSymlinks: true });
    const place = new Place(container, folder, { image, packages: settings.packages });
    const child = identityOf(settings, pod).then((identity) => {
      const env = environmentOf(pod, { place, endpoint: settings.endpoint, identity });
      const log = openSync(place.log, 'a');
      const [program = '', ...args] = [...(container.command ?? []), ...(container.args ?? [])].map((one) =>
        place.here(one),
      );
      const started = spawn(program, args, {
        cwd: place.here(container.workingDir ?? '/'),
        env,
        stdio: ['ignore', log, log],
        detached: true,
      });
      processes.add(started);
      return started;
    });
    return running(child, place, () => place.isReady(container));
  };

function running(child: Promise<ChildProcess>, place: Place, isReady: () => boolean): Running {
  const exited = child.then(
    (one) =>
      new Promise<{ code: number; message?: string; reason?: string }>((resolve) => {
        one.once('error', (error) => resolve({ code: 128, message: error.message, reason: 'StartError' }));
        one.once('exit', (code, name) => {
          // What it started ends with it, as in a container.
          signal(one, 'SIGKILL');
          processes.delete(one);
          const message = existsSync(place.terminationLog) ? readFileSync(place.terminationLog, 'utf8') : '';
          resolve({ code: code ?? (name === 'SIGKILL' ? 137 : 143), ...(message && { message }) });
        });
      }),
  );
  let over = false;
  exited.then(() => {
    over = true;
  });
  const ready = (async () => {
    while (!isReady()) {
      // One that has ended is never ready.
      if (over) return new Promise(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return undefined;
  })();
  return {
    ready,
    exited,
    terminate: async (graceSeconds) => {
      const one = await child;
      if (one.pid !== undefined) one.kill('SIGTERM');
      const late = setTimeout(() => signal(one, 'SIGKILL'), graceSeconds * 1000);
      await exited;
      clearTimeout(late);
    },
    log: () => (existsSync(place.log) ? readFileSync(place.log, 'utf8') : ''),
  };
}
