/** Where the things of a pod are on this machine: its containers share the machine's files, so paths are translated. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Pod } from '../../support/kubernetes/types.ts';

type Container = NonNullable<Pod['spec']>['containers'][number];

export class Place {
  /** Pairs of a path in the container and the one that stands for it, longest first. */
  readonly #mounts: [string, string][];
  readonly log: string;
  readonly terminationLog: string;

  /**
   * @param folder of the pod; made here
   * @param image what the image was made from: project/ and worker/
   * @param packages what stands for the agent's own packages, which no image here has
   */
  constructor(
    container: Container,
    folder: string,
    { image, packages }: { image: string; packages: string },
  ) {
    this.log = join(folder, 'log');
    this.terminationLog = join(folder, 'termination-log');
    const mounts = (container.volumeMounts ?? []).map(({ name, mountPath }): [string, string] => {
      const there = join(folder, 'volumes', name);
      mkdirSync(there, { recursive: true });
      return [mountPath, there];
    });
    this.#mounts = [
      ...mounts,
      ['/app/worker/packages', packages] as [string, string],
      ['/app/worker', join(image, 'worker')] as [string, string],
      ['/app/project', join(folder, 'project')] as [string, string],
      ['/dev/termination-log', this.terminationLog] as [string, string],
    ].sort(([one], [other]) => other.length - one.length);
  }

  /** What stands for a path in the container; anything else stays as it is. */
  here(text: string): string {
    for (const [inside, there] of this.#mounts)
      if (text === inside || text.startsWith(`${inside}/`)) return there + text.slice(inside.length);
    return text;
  }

  /** Whether the readiness probe would say so; @throws for a kind of probe that is not imitated */
  isReady({ readinessProbe }: Container): boolean {
    if (!readinessProbe) return true;
    const [test, flag, file, ...more] = readinessProbe.exec?.command ?? [];
    if (test !== 'test' || flag !== '-f' || file === undefined || more.length > 0)
      throw new Error(`this readiness probe is not imitated: ${JSON.stringify(readinessProbe)}`);
    return existsSync(this.here(file));
  }
}
