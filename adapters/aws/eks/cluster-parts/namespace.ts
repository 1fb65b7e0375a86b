/** What is in a cluster itself: namespace, roles, network policy. */
import { createHash } from 'node:crypto';
import { type EKSClient, TagResourceCommand } from '@aws-sdk/client-eks';
import { NotFound } from '../../../../core/errors/errors.ts';
import { defaultStackName } from '../../../../core/stack.ts';
import type { KubernetesOf } from '../../../kubernetes/client.ts';
import { applyNamespace, namespaceExists, namespaceObjects } from '../../../kubernetes/namespace.ts';
import { ask } from '../../client/problems.ts';
import { clusterAsked } from '../iam-actions.ts';
import type { Part, PartOf } from './cluster-part.ts';

/** Says, on the cluster, which objects it was given: another version of gcd-sfn may have others. */
const givenTag = 'gcd-sfn:namespace';

/** The part that is made of objects of Kubernetes. */
export function namespacePart({ eks, kubernetes }: { eks: EKSClient; kubernetes: KubernetesOf }): Part {
  return {
    async isThere(cluster) {
      if (cluster.tags[givenTag] !== digestOf(cluster)) return false;
      const found = await kubernetes(cluster.name);
      return found !== undefined && (await namespaceExists(found, stackOf(cluster)));
    },
    async put(cluster) {
      const { name, arn: resourceArn } = cluster;
      const found = await kubernetes(name);
      if (!found) throw new NotFound(`cluster ${name} has no API server`);
      await applyNamespace(found, stackOf(cluster));
      const tags = {
        ...{ managedBy: 'gcd-sfn', 'gcd-sfn:stack': stackOf(cluster) },
        [givenTag]: digestOf(cluster),
      };
      await ask(clusterAsked('TagResource', name), () =>
        eks.send(new TagResourceCommand({ resourceArn, tags })),
      );
    },
  };
}

const stackOf = ({ tags }: PartOf): string => tags['gcd-sfn:stack'] ?? defaultStackName;
const digestOf = (cluster: PartOf): string =>
  createHash('sha256')
    .update(JSON.stringify(namespaceObjects(stackOf(cluster))))
    .digest('hex')
    .slice(0, 16);
