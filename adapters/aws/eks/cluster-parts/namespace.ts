/** The objects of Kubernetes in a cluster: namespace, roles, network policy. */
import { createHash } from 'node:crypto';
import { type EKSClient, TagResourceCommand } from '@aws-sdk/client-eks';
import { NotFound } from '../../../../core/errors/errors.ts';
import { defaultStackName } from '../../../../core/stack.ts';
import type { KubernetesOf } from '../../../kubernetes/client.ts';
import { applyNamespace, namespaceExists, namespaceObjects } from '../../../kubernetes/namespace.ts';
import { send } from '../../client/send.ts';
import { namespaceTag, stackTag, stackTags } from '../../client/tags.ts';
import { clusterContext } from '../requests.ts';
import type { Part, PartOf } from './cluster-part.ts';

export function namespacePart({ eks, kubernetes }: { eks: EKSClient; kubernetes: KubernetesOf }): Part {
  return {
    async isThere(cluster) {
      if (cluster.tags[namespaceTag] !== digestOf(cluster)) return false;
      const found = await kubernetes(cluster.name);
      return found !== undefined && (await namespaceExists(found, stackOf(cluster)));
    },
    async put(cluster) {
      const { name, arn: resourceArn } = cluster;
      const found = await kubernetes(name);
      if (!found) throw new NotFound(`cluster ${name} has no API server`);
      await applyNamespace(found, stackOf(cluster));
      const tags = { ...stackTags(stackOf(cluster)), [namespaceTag]: digestOf(cluster) };
      await send(
        clusterContext('TagResource', name),
        eks.send(new TagResourceCommand({ resourceArn, tags })),
      );
    },
  };
}

const stackOf = ({ tags }: PartOf): string => tags[stackTag] ?? defaultStackName;
const digestOf = (cluster: PartOf): string =>
  createHash('sha256')
    .update(JSON.stringify(namespaceObjects(stackOf(cluster))))
    .digest('hex')
    .slice(0, 16);
