/** A cluster for tests: the stand-in with containers that a test controls, and clients of any user. */
import { KubernetesClient } from '../../../adapters/kubernetes/client.ts';
import { applyNamespace } from '../../../adapters/kubernetes/namespace.ts';
import { type StandIn, startKubernetes } from './api-server/server.ts';
import { type OfficialClient, officialClient } from './official-client.ts';
import type { Pod, Running, Waiting } from './types.ts';

/** A container whose readiness and end a test controls. */
export interface FakeContainer {
  pod: Pod;
  ready: () => void;
  exit: (code: number, end?: { message?: string; reason?: string }) => void;
  /** Grace period of each request to end, in seconds. */
  graces: number[];
}

export interface FakeCluster extends StandIn {
  containers: FakeContainer[];
  /** Client of a user in these groups. */
  as: (...groups: string[]) => KubernetesClient;
  /** The official client of such a user, for calls that gcd-sfn does not make. */
  official: (...groups: string[]) => OfficialClient;
}

export interface FakeOptions {
  /** Whether containers are ready at once, and end on request. */
  obedient?: boolean;
  /** All containers exit at once, in this way. */
  crash?: { code: number; message?: string; reason?: string };
  /** Reason for which a container does not start. */
  waiting?: (pod: Pod) => Waiting['waiting'] | undefined;
  /** Pause before the second restart of a container, and before the first replacement of a pod; each further one is twice as long. */
  restartDelayMs?: number;
}

/** Starts an API server with the namespace and roles of `applyNamespace`. */
export async function fakeCluster({
  obedient = true,
  crash,
  waiting,
  restartDelayMs = 5,
}: FakeOptions = {}): Promise<FakeCluster> {
  const containers: FakeContainer[] = [];
  const run = (pod: Pod): Running | Waiting => {
    const obstacle = waiting?.(pod);
    if (obstacle) return { waiting: obstacle };
    const ready = Promise.withResolvers<void>();
    const exited = Promise.withResolvers<{ code: number; message?: string; reason?: string }>();
    const graces: number[] = [];
    const exit: FakeContainer['exit'] = (code, end = {}) => exited.resolve({ ...end, code });
    containers.push({ pod, graces, exit, ready: () => ready.resolve() });
    if (crash) exit(crash.code, crash);
    else if (obedient) ready.resolve();
    const terminate = (grace: number) => {
      graces.push(grace);
      if (obedient || grace === 0) exit(143);
    };
    return {
      ready: ready.promise,
      exited: exited.promise,
      terminate,
      log: () => `the log of ${pod.metadata.name}\n`,
    };
  };
  const standIn = await startKubernetes({
    run,
    restartDelayMs,
    // A test's token is its groups.
    authenticate: (token) =>
      token === 'nobody' ? undefined : { username: 'tester', groups: token.split(',') },
  });
  const { url: server, ca } = standIn;
  const connection = (groups: string[]) => ({ server, ca, token: async () => groups.join(',') });
  const as = (...groups: string[]) => new KubernetesClient(connection(groups));
  const official = (...groups: string[]) => officialClient(connection(groups));
  await applyNamespace(as('system:masters'), 'gcd-sfn');
  return { ...standIn, containers, as, official };
}
