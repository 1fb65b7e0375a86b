import type { Kubernetes } from '../api.ts';
import { translated } from '../errors.ts';
import { fieldManager } from '../names.ts';
import { objects } from './objects.ts';

/**
 * The parts of a cluster that are objects of Kubernetes: `namespace` is the namespace `gcd` with the roles of the
 * groups `gcd-sfn:writers`, `gcd-sfn:readers` and `gcd-sfn:bastion`, and the network policy.
 */
export type KubernetesPart = 'namespace';

export interface PartSettings {
  /** Name of the stack that the cluster belongs to: on each object as a label. */
  stack: string;
}

/**
 * Puts a part there, or hints it, by server-side apply: what others have added to the objects stays.
 * @throws AccessDenied, Unreachable, Throttled
 */
export async function applyPart(
  { objects: api }: Kubernetes,
  part: KubernetesPart,
  { stack }: PartSettings,
): Promise<void> {
  const { PatchStrategy } = await import('@kubernetes/client-node');
  for (const object of { namespace: objects(stack) }[part])
    await api
      .patch(object, undefined, undefined, fieldManager, true, PatchStrategy.ServerSideApply)
      .catch((error) => {
        const what = `${object.kind} ${object.metadata?.name} in the cluster`;
        throw translated(error, { verb: 'patch', resource: resourceOf(object.kind), what });
      });
}

/** As a role would name it. */
const resourceOf = (kind = ''): string =>
  kind.endsWith('y') ? `${kind.slice(0, -1).toLowerCase()}ies` : `${kind.toLowerCase()}s`;
