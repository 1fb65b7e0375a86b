/** The variables of a container, as Kubernetes and EKS's Pod Identity give them. */
import type { Pod } from '../../support/kubernetes/types.ts';
import type { Place } from './place.ts';

type Container = NonNullable<Pod['spec']>['containers'][number];

const units: Record<string, number> = {
  '': 1,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
};

function valueOf(
  pod: Pod,
  container: Container,
  { value, valueFrom }: NonNullable<Container['env']>[number],
): string {
  if (!valueFrom) return value ?? '';
  const path = valueFrom.fieldRef?.fieldPath;
  if (path === 'metadata.name') return pod.metadata.name;
  if (path === 'spec.nodeName') return pod.spec?.nodeName ?? '';
  if (valueFrom.resourceFieldRef?.resource === 'limits.memory') {
    const [, number = '', unit = ''] = /^(\d+)(\D*)$/.exec(String(container.resources?.limits?.memory)) ?? [];
    return String(Number(number) * (units[unit] as number));
  }
  throw new Error(`this variable is not imitated: ${JSON.stringify(valueFrom)}`);
}

/** @param identity URL at which the pod finds credentials; undefined: its service account has no role */
export function environmentOf(
  pod: Pod,
  container: Container,
  { place, endpoint, identity }: { place: Place; endpoint: string; identity: string | undefined },
): Record<string, string> {
  const own = (container.env ?? []).map(
    (one) => [one.name, place.here(valueOf(pod, container, one))] as const,
  );
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
    // The agent's waits, shortened.
    GCD_PACE: JSON.stringify({
      visibility: 6,
      renew: 2,
      heartbeat: 5,
      poll: 1,
      flush: 2,
      state: 1,
      control: 1,
      grace: 10,
      margin: 3,
    }),
  };
}
