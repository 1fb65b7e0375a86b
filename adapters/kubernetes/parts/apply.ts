import { NotFound } from '../../../ports/errors.ts';
import type { Kubernetes } from '../api.ts';
import { translated } from '../errors.ts';
import { fieldManager } from '../names.ts';
import { objects } from './objects.ts';

/**
 * The parts of a cluster that are objects of Kubernetes: `namespace` is the namespace `gcd` with the workers' service
 * account, the roles of the groups `gcd-sfn:writers`, `gcd-sfn:readers` and `gcd-sfn:bastion`, and the network policy.
 */
export type KubernetesPart = 'namespace';

/** For messages. */
export interface PartSettings {
  cluster: string;
}

/**
 * Puts a part there, or mends it, by server-side apply: what others have added to the objects stays.
 * @throws AccessDenied, Unreachable, Throttled
 */
export async function applyPart(
  { objects: api }: Kubernetes,
  part: KubernetesPart,
  { cluster }: PartSettings,
): Promise<void> {
  const { PatchStrategy } = await import('@kubernetes/client-node');
  for (const object of { namespace: objects }[part])
    await api
      .patch(object, undefined, undefined, fieldManager, true, PatchStrategy.ServerSideApply)
      .catch((error) => {
        const what = `${object.kind} ${object.metadata?.name} in cluster ${cluster}`;
        throw translated(error, { verb: 'patch', resource: resourceOf(object.kind), what });
      });
}

/** As a role would name it. */
const resourceOf = (kind = ''): string =>
  kind.endsWith('y') ? `${kind.slice(0, -1).toLowerCase()}ies` : `${kind.toLowerCase()}s`;

/**
 * Whether a part is there as `applyPart` leaves it: all its objects exist.
 * @throws AccessDenied, Unreachable, Throttled
 */
export async function hasPart(
  { objects: api }: Kubernetes,
  part: KubernetesPart,
  { cluster }: PartSettings,
): Promise<boolean> {
  for (const object of { namespace: objects }[part]) {
    const { kind, apiVersion, metadata } = object;
    const found = await api
      .read({ kind, apiVersion, metadata: { name: metadata?.name ?? '', namespace: metadata?.namespace } })
      .then(() => true)
      .catch((error) => {
        const what = `${kind} ${metadata?.name} in cluster ${cluster}`;
        const ours = translated(error, { verb: 'get', resource: resourceOf(kind), what });
        if (ours instanceof NotFound) return false;
        throw ours;
      });
    if (!found) return false;
  }
  return true;
}
