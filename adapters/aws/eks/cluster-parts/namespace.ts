/** The objects of Kubernetes in a cluster: namespace, roles, network policy. */
import { createHash } from 'node:crypto';
import { type EKSClient, TagResourceCommand } from '@aws-sdk/client-eks';
import type { KubernetesObject } from '@kubernetes/client-node';
import { AccessDenied, NotFound, Unreachable } from '../../../../core/errors/errors.ts';
import { defaultStackName } from '../../../../ports/account/stack.ts';
import type { Kubernetes, KubernetesOf } from '../../../kubernetes/api.ts';
import { translated } from '../../../kubernetes/errors.ts';
import { applyPart } from '../../../kubernetes/parts/apply.ts';
import { objects } from '../../../kubernetes/parts/objects.ts';
import { send } from '../../client/send.ts';
import { namespaceTag, stackTag, stackTags } from '../../client/tags.ts';
import { clusterContext } from '../requests.ts';
import type { Part, PartOf } from './cluster-part.ts';

export function namespacePart({ eks, kubernetes }: { eks: EKSClient; kubernetes: KubernetesOf }): Part {
  return {
    async isThere(cluster) {
      if (cluster.tags[namespaceTag] !== digestOf(cluster)) return false;
      const found = await kubernetes(cluster.name);
      return found !== undefined && (await haveAll(found, wantedIn(cluster)));
    },
    async put(cluster) {
      const { name, arn: resourceArn } = cluster;
      const found = await kubernetes(name);
      if (!found) throw new NotFound(`cluster ${name} has no API server`);
      await applyPart(found, 'namespace', { stack: stackOf(cluster) });
      const tags = { ...stackTags(stackOf(cluster)), [namespaceTag]: digestOf(cluster) };
      await send(
        clusterContext('TagResource', name),
        eks.send(new TagResourceCommand({ resourceArn, tags })),
      );
    },
  };
}

const stackOf = ({ tags }: PartOf): string => tags[stackTag] ?? defaultStackName;
const wantedIn = (cluster: PartOf): KubernetesObject[] => objects(stackOf(cluster));
const digestOf = (cluster: PartOf): string =>
  createHash('sha256')
    .update(JSON.stringify(wantedIn(cluster)))
    .digest('hex')
    .slice(0, 16);

async function haveAll({ objects: api }: Kubernetes, wanted: KubernetesObject[]): Promise<boolean> {
  const seen = await Promise.all(
    wanted.map(({ apiVersion, kind, metadata }) =>
      api
        .read({ apiVersion, kind, metadata: { name: metadata?.name ?? '', namespace: metadata?.namespace } })
        .then(() => true)
        .catch((error) => isSeen(translated(error, { verb: 'get', resource: kind ?? '', what: `${kind}` }))),
    ),
  );
  return seen.every(Boolean);
}

/** A new cluster denies access to its creator for a while: its objects do not exist yet. */
function isSeen(error: Error): false {
  if (error instanceof NotFound || error instanceof AccessDenied || error instanceof Unreachable)
    return false;
  throw error;
}
