/** Kubernetes as far as nodegroups need it: the machines of moto's Auto Scaling groups are its nodes. */
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import type { KubernetesClient } from '../../../adapters/kubernetes/client.ts';
import type { Node, Pod, Resources } from '../../../adapters/kubernetes/types.ts';
import { NotFound } from '../../../core/errors/errors.ts';

export interface NodesOfMoto {
  kubernetes: KubernetesClient;
  /** Put there by tests. */
  pods: Pod[];
  /** What a node's spec says besides, by its name. */
  specs: Map<string, NonNullable<Node['spec']>>;
  /** Resource and name of each object that was applied, such as `roles gcd-sfn-readers`. */
  applied: Set<string>;
}

/** A node is there as soon as its machine runs, and is ready when it is looked at again. */
export function nodesOfMoto(cluster: string, region: string): NodesOfMoto {
  const ec2 = new EC2Client({ region });
  const seen = new Set<string>();
  const pods: Pod[] = [];
  const specs = new Map<string, NonNullable<Node['spec']>>();
  const node = (id: string, started: Date | undefined): Node => {
    const ready = seen.has(id);
    seen.add(id);
    const name = `ip-${id}.ec2.internal`;
    return {
      metadata: { name, ...(started && { creationTimestamp: started.toISOString() }) },
      spec: { providerID: `aws:///us-east-1a/${id}`, ...specs.get(name) },
      status: {
        conditions: [
          { type: 'MemoryPressure', status: 'False' },
          { type: 'Ready', status: ready ? 'True' : 'Unknown' },
        ],
      },
    };
  };
  const applied = new Set<string>();
  const client: Pick<KubernetesClient, 'list' | 'get' | 'apply'> = {
    async list<R extends keyof Resources>(resource: R, { labelSelector = '' }) {
      if (resource === 'pods') return pods as Resources[R][];
      if (resource !== 'nodes') throw new Error(`unexpected list of ${resource}`);
      const [label, nodegroup = ''] = labelSelector.split('=');
      if (label !== 'gcd-sfn/nodegroup') throw new Error(`unexpected selector ${labelSelector}`);
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
      return instances.map(({ InstanceId = '', LaunchTime }) =>
        node(InstanceId, LaunchTime),
      ) as Resources[R][];
    },
    async get<R extends keyof Resources>(resource: R, name: string, what: string) {
      if (!applied.has(`${resource} ${name}`)) throw new NotFound(`not found: ${what}`);
      return {} as Resources[R];
    },
    async apply(resource, { metadata }) {
      applied.add(`${resource} ${metadata?.name}`);
    },
  };
  return { kubernetes: client as KubernetesClient, pods, specs, applied };
}
