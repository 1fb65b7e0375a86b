/** Groups of machines: all that a cluster of ours has. */
import {
  DeleteNodegroupCommand,
  DescribeNodegroupCommand,
  type EKSClient,
  ListNodegroupsCommand,
} from '@aws-sdk/client-eks';
import type { Resource } from '../../../ports/account/inventory.ts';
import type { Asked } from '../client/errors.ts';
import { ask, askGone, type Part, pages, seconds } from './resource-kind.ts';

export function nodegroupsPart(eks: EKSClient): Part {
  const describe = async (clusterName: string, nodegroupName: string) =>
    (
      await ask(asked('DescribeNodegroup', clusterName, nodegroupName), () =>
        eks.send(new DescribeNodegroupCommand({ clusterName, nodegroupName })),
      )
    )?.nodegroup;

  return {
    async list(clusters) {
      const found: Resource[] = [];
      for (const { name: cluster } of clusters) {
        const names = await pages(
          asked('ListNodegroups', cluster, '*'),
          (nextToken) => eks.send(new ListNodegroupsCommand({ clusterName: cluster, nextToken })),
          ({ nodegroups, nextToken }) => ({ items: nodegroups, next: nextToken }),
        );
        for (const name of names) {
          const since = seconds((await describe(cluster, name))?.createdAt);
          found.push({ kind: 'nodegroup', name, cluster, since });
        }
      }
      return found;
    },

    async state({ name, cluster }) {
      const group = await describe(cluster ?? '', name);
      if (!group) return 'gone';
      return group.status === 'DELETING' ? 'going' : 'there';
    },

    async remove({ name, cluster }) {
      const clusterName = cluster ?? '';
      await askGone(asked('DeleteNodegroup', clusterName, name), () =>
        eks.send(new DeleteNodegroupCommand({ clusterName, nodegroupName: name })),
      );
    },
  };
}

const asked = (verb: string, cluster: string, nodegroup: string): Asked => ({
  action: `eks:${verb}`,
  arn:
    nodegroup === '*'
      ? `arn:aws:eks:*:*:cluster/${cluster}`
      : `arn:aws:eks:*:*:nodegroup/${cluster}/${nodegroup}/*`,
  what: nodegroup === '*' ? `nodegroups of ${cluster}` : `nodegroup ${nodegroup} of ${cluster}`,
});
