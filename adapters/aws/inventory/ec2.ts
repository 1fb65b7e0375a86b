/** Key pairs, launch templates, network interfaces and security groups. */
import {
  DeleteKeyPairCommand,
  DeleteLaunchTemplateCommand,
  DeleteNetworkInterfaceCommand,
  DeleteSecurityGroupCommand,
  DescribeKeyPairsCommand,
  DescribeLaunchTemplatesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  type EC2Client,
  paginateDescribeLaunchTemplates,
  paginateDescribeNetworkInterfaces,
  paginateDescribeSecurityGroups,
} from '@aws-sdk/client-ec2';
import type { Resource } from '../../../ports/account/inventory.ts';
import type { RequestContext } from '../client/errors.ts';
import { clusterTag, isOfStack, managedByUsFilter, secondsOf, tagsFromList } from '../client/tags.ts';
import { find, listAll, type ResourceHandler, startDeletion } from './resource-kind.ts';

/** @param type as ARNs name it: `key-pair` @param id `*` for a list */
const contextOf = (verb: string, type: string, id: string): RequestContext => {
  const words = type.replaceAll('-', ' ');
  return {
    action: `ec2:${verb}`,
    arn: verb.startsWith('Describe') ? '*' : `arn:aws:ec2:*:*:${type}/*`,
    what: id === '*' ? `${words}s` : `${words} ${id}`,
  };
};

/** The public keys of those who debug. */
export const keyPairs = (ec2: EC2Client, stack: string): ResourceHandler => ({
  async list() {
    // EC2 answers all of them at once.
    const found = await find(
      contextOf('DescribeKeyPairs', 'key-pair', '*'),
      ec2.send(new DescribeKeyPairsCommand({ Filters: [managedByUsFilter] })),
    );
    return (found?.KeyPairs ?? [])
      .filter(({ Tags }) => isOfStack(tagsFromList(Tags), stack))
      .map(({ KeyName: name = '', CreateTime }) => ({
        ...{ kind: 'key-pair', name, cluster: null },
        since: secondsOf(CreateTime),
      }));
  },

  async state({ name }) {
    const found = await find(
      contextOf('DescribeKeyPairs', 'key-pair', name),
      ec2.send(new DescribeKeyPairsCommand({ KeyNames: [name] })),
    );
    return found?.KeyPairs?.length ? 'exists' : 'deleted';
  },

  remove: ({ name }) =>
    startDeletion(
      contextOf('DeleteKeyPair', 'key-pair', name),
      ec2.send(new DeleteKeyPairCommand({ KeyName: name })),
    ),
});

/** Launch templates of nodegroups. The stack's own has no cluster, and is deleted with the stack. */
export function launchTemplates(ec2: EC2Client, stack: string): ResourceHandler {
  const exists = async (name: string): Promise<boolean> => {
    const found = await find(
      contextOf('DescribeLaunchTemplates', 'launch-template', name),
      ec2.send(new DescribeLaunchTemplatesCommand({ LaunchTemplateNames: [name] })),
    );
    return Boolean(found?.LaunchTemplates?.length);
  };

  return {
    async list() {
      const found = await listAll(
        contextOf('DescribeLaunchTemplates', 'launch-template', '*'),
        paginateDescribeLaunchTemplates({ client: ec2 }, { Filters: [managedByUsFilter] }),
        (page) => page.LaunchTemplates,
      );
      const resources: Resource[] = [];
      for (const { LaunchTemplateName: name = '', CreateTime, Tags } of found) {
        const tags = tagsFromList(Tags);
        const cluster = tags[clusterTag];
        if (cluster !== undefined && isOfStack(tags, stack))
          resources.push({ kind: 'launch-template', name, cluster, since: secondsOf(CreateTime) });
      }
      return resources;
    },

    state: async ({ name }) => ((await exists(name)) ? 'exists' : 'deleted'),

    async remove({ name }) {
      if (!(await exists(name))) return;
      await startDeletion(
        contextOf('DeleteLaunchTemplate', 'launch-template', name),
        ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateName: name })),
      );
    },
  };
}

/** Tag of the VPC CNI. */
const cniTag = 'cluster.k8s.amazonaws.com/name';

/** Network interfaces that the VPC CNI left behind: unused, they keep the network from being deleted. */
export const networkInterfaces = (ec2: EC2Client, vpcId: string): ResourceHandler => ({
  async list() {
    const Filters = [
      { Name: 'vpc-id', Values: [vpcId] },
      { Name: 'status', Values: ['available'] },
      { Name: 'tag-key', Values: [cniTag] },
    ];
    const found = await listAll(
      contextOf('DescribeNetworkInterfaces', 'network-interface', '*'),
      paginateDescribeNetworkInterfaces({ client: ec2 }, { Filters }),
      (page) => page.NetworkInterfaces,
    );
    return found.map(({ NetworkInterfaceId: name = '', TagSet }) => ({
      ...{ kind: 'network-interface', name, since: null },
      cluster: tagsFromList(TagSet)[cniTag] ?? null,
    }));
  },

  async state({ name }) {
    const found = await find(
      contextOf('DescribeNetworkInterfaces', 'network-interface', name),
      ec2.send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [name] })),
    );
    const [one] = found?.NetworkInterfaces ?? [];
    // One that was attached since is in use, and not left over.
    return one?.Status === 'available' ? 'exists' : 'deleted';
  },

  remove: ({ name }) =>
    startDeletion(
      contextOf('DeleteNetworkInterface', 'network-interface', name),
      ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: name })),
    ),
});

const clusterOfGroup = (name: string): string | null => /^eks-cluster-sg-(.+)-\d+$/.exec(name)?.[1] ?? null;

/** The security group that EKS creates for each cluster, and sometimes leaves behind. */
export const securityGroups = (ec2: EC2Client, vpcId: string): ResourceHandler => ({
  async list() {
    const Filters = [
      { Name: 'vpc-id', Values: [vpcId] },
      { Name: 'group-name', Values: ['eks-cluster-sg-*'] },
    ];
    const found = await listAll(
      contextOf('DescribeSecurityGroups', 'security-group', '*'),
      paginateDescribeSecurityGroups({ client: ec2 }, { Filters }),
      (page) => page.SecurityGroups,
    );
    return found.map(({ GroupId: name = '', GroupName = '', Tags }) => ({
      ...{ kind: 'security-group', name, since: null },
      cluster: tagsFromList(Tags)['aws:eks:cluster-name'] ?? clusterOfGroup(GroupName),
    }));
  },

  async state({ name }) {
    const found = await find(
      contextOf('DescribeSecurityGroups', 'security-group', name),
      ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [name] })),
    );
    return found?.SecurityGroups?.length ? 'exists' : 'deleted';
  },

  remove: ({ name }) =>
    startDeletion(
      contextOf('DeleteSecurityGroup', 'security-group', name),
      ec2.send(new DeleteSecurityGroupCommand({ GroupId: name })),
    ),
});
