/** What is in a cluster itself: namespace, roles, network policy. */
import { NotFound } from '../../ports/errors.ts';
import type { KubernetesOf } from '../kubernetes/api.ts';
import { applyPart, hasPart } from '../kubernetes/parts/apply.ts';
import type { Part } from './eks-part.ts';

/** The part that is made of objects of Kubernetes. */
export function namespacePart(kubernetes: KubernetesOf): Part {
  return {
    async isThere(cluster) {
      const found = await kubernetes(cluster);
      return found !== undefined && (await hasPart(found, 'namespace', { cluster }));
    },
    async put({ name: cluster }) {
      const found = await kubernetes(cluster);
      if (!found) throw new NotFound(`cluster ${cluster} has no API server`);
      await applyPart(found, 'namespace', { cluster });
    },
  };
}
