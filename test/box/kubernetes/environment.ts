/** The variables of a container, as Kubernetes and EKS's Pod Identity give them. */
import { environmentOf as ownOf } from '../../support/kubernetes/kubelet/processes.ts';
import type { Pod } from '../../support/kubernetes/types.ts';
import type { Place } from './host-paths.ts';

/** @param identity URL at which the pod finds credentials; undefined: its service account has no role */
export function environmentOf(
  pod: Pod,
  { place, endpoint, identity }: { place: Place; endpoint: string; identity: string | undefined },
): Record<string, string> {
  const own = Object.entries(ownOf(pod)).map(([name, value]) => [name, place.here(value)] as const);
  return {
    PATH: process.env.PATH ?? '',
    HOSTNAME: pod.metadata.name,
    ...(identity !== undefined && { AWS_CONTAINER_CREDENTIALS_FULL_URI: identity }),
    ...Object.fromEntries(own),
    // What a container has and a process of this machine needs to be told.
    HOME: place.here('/app/project'),
    GCD_TERMINATION_LOG: place.terminationLog,
    AWS_ENDPOINT_URL: endpoint,
    AWS_EC2_METADATA_DISABLED: 'true',
    NO_PROXY: '127.0.0.1,localhost',
    GCD_BOX: process.env.GCD_BOX ?? '',
    // The agent's waits, shortened.
    GCD_PACE: JSON.stringify({
      visibility: 6,
      renew: 2,
      heartbeat: 5,
      poll: 1,
      flush: 2,
      state: 1,
      control: 1,
      grace: 5,
      margin: 2,
    }),
  };
}
