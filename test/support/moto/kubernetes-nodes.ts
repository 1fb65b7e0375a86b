/** Kubernetes as far as nodegroups need it: the machines of moto's Auto Scaling groups are its nodes. */
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import type { KubernetesObject, V1Node, V1NodeSpec, V1Pod } from '@kubernetes/client-node';
import type { Kubernetes } from '../../../adapters/kubernetes/api.ts';

export interface NodesOfMoto {
  kubernetes: Kubernetes;
  /** Put there by tests. */
  pods: V1Pod[];
  /** What a node's spec says besides, by its name. */
  specs: Map<string, V1NodeSpec>;
  /** Kind and name of each object that was applied. */
  applied: Set<string>;
}

/** A node is there as soon as its machine runs, and is ready when it is looked at again. */
export function nodesOfMoto(cluster: string, region: string): NodesOfMoto {
  const ec2 = new EC2Client({ region });
  const seen = new Set<string>();
  const pods: V1Pod[] = [];
  const specs = new Map<string, V1NodeSpec>();
  const node = (id: string, started: Date | undefined): V1Node => {
    const ready = seen.has(id);
    seen.add(id);
    const name = `ip-${id}.ec2.internal`;
    return {
      metadata: { name, ...(started && { creationTimestamp: started }) },
      spec: { providerID: `aws:///us-east-1a/${id}`, ...specs.get(name) },
      status: {
        conditions: [
          { type: 'MemoryPressure', status: 'False' },
          { type: 'Ready', status: ready ? 'True' : 'Unknown' },
        ],
      },
    };
  };
  const core = {
    listNode: async ({ labelSelector = '' }) => {
      const [label, nodegroup = ''] = labelSelector.split('=');
      if (label !== 'gcd-sfn/nodegroup') throw new Error(`asked by ${labelSelector}`);
      const { Reservations = [] } = await ec2.send(
        new DescribeInstancesCommand({
          Filters: [
            { Name: 'tag:eks:cluster-name', Values: [cluster] },
            { Name: 'tag:eks:nodegroup-name', Values: [nodegroup, `${nodegroup}-2`] },
            { Name: 'instance-state-name', Values: ['running'] },
          ],
        }),
      );
      const instances = Reservations.flatMap(({ Instances = [] }) => Instances);
      return { items: instances.map(({ InstanceId = '', LaunchTime }) => node(InstanceId, LaunchTime)) };
    },
    listNamespacedPod: async () => ({ items: pods }),
  };
  const applied = new Set<string>();
  const nameOf = ({ kind = '', metadata }: KubernetesObject) => `${kind} ${metadata?.name}`;
  const objects = {
    patch: async (object: KubernetesObject) => void applied.add(nameOf(object)),
    read: async (object: KubernetesObject) => {
      if (!applied.has(nameOf(object))) throw Object.assign(new Error('not found'), { code: 404 });
    },
  };
  return { kubernetes: { core, objects } as unknown as Kubernetes, pods, specs, applied };
}
