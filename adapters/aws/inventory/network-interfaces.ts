/** Network interfaces that the pods' network has left behind: nothing uses them, and they keep the network from going. */
import {
  DeleteNetworkInterfaceCommand,
  DescribeNetworkInterfacesCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import type { Asked } from '../client/errors.ts';
import { ask, askGone, type Part, pages, tagsOf } from './resource-kind.ts';

/** What the CNI writes on its interfaces. */
const cniTag = 'cluster.k8s.amazonaws.com/name';

export const networkInterfacesPart = (ec2: EC2Client, vpcId: string): Part => ({
  async list() {
    const Filters = [
      { Name: 'vpc-id', Values: [vpcId] },
      { Name: 'status', Values: ['available'] },
      { Name: 'tag-key', Values: [cniTag] },
    ];
    const found = await pages(
      asked('DescribeNetworkInterfaces', '*'),
      (NextToken) => ec2.send(new DescribeNetworkInterfacesCommand({ Filters, NextToken })),
      ({ NetworkInterfaces, NextToken }) => ({ items: NetworkInterfaces, next: NextToken }),
    );
    return found.map(({ NetworkInterfaceId = '', TagSet }) => ({
      kind: 'network-interface',
      name: NetworkInterfaceId,
      cluster: tagsOf(TagSet)[cniTag] ?? null,
      since: null,
    }));
  },

  async state({ name }) {
    const found = await ask(asked('DescribeNetworkInterfaces', name), () =>
      ec2.send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [name] })),
    );
    const [one] = found?.NetworkInterfaces ?? [];
    // One that was attached since is in use, and no waste.
    return one?.Status === 'available' ? 'there' : 'gone';
  },

  remove: ({ name }) =>
    askGone(asked('DeleteNetworkInterface', name), () =>
      ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: name })),
    ),
});

const asked = (verb: string, id: string): Asked => ({
  action: `ec2:${verb}`,
  arn: verb.startsWith('Describe') ? '*' : 'arn:aws:ec2:*:*:network-interface/*',
  what: id === '*' ? 'network interfaces' : `network interface ${id}`,
});
