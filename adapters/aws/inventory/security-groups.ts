/** The security group that EKS makes for each cluster, and sometimes leaves behind. */
import {
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import type { Asked } from '../client/errors.ts';
import { ask, askGone, type Part, pages, tagsOf } from './resource-kind.ts';

const clusterOf = (name: string): string | null => /^eks-cluster-sg-(.+)-\d+$/.exec(name)?.[1] ?? null;

export const securityGroupsPart = (ec2: EC2Client, vpcId: string): Part => ({
  async list() {
    const Filters = [
      { Name: 'vpc-id', Values: [vpcId] },
      { Name: 'group-name', Values: ['eks-cluster-sg-*'] },
    ];
    const found = await pages(
      asked('DescribeSecurityGroups', '*'),
      (NextToken) => ec2.send(new DescribeSecurityGroupsCommand({ Filters, NextToken })),
      ({ SecurityGroups, NextToken }) => ({ items: SecurityGroups, next: NextToken }),
    );
    return found.map(({ GroupId = '', GroupName = '', Tags }) => ({
      kind: 'security-group',
      name: GroupId,
      cluster: tagsOf(Tags)['aws:eks:cluster-name'] ?? clusterOf(GroupName),
      since: null,
    }));
  },

  async state({ name }) {
    const found = await ask(asked('DescribeSecurityGroups', name), () =>
      ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [name] })),
    );
    return found?.SecurityGroups?.length ? 'there' : 'gone';
  },

  remove: ({ name }) =>
    askGone(asked('DeleteSecurityGroup', name), () =>
      ec2.send(new DeleteSecurityGroupCommand({ GroupId: name })),
    ),
});

const asked = (verb: string, id: string): Asked => ({
  action: `ec2:${verb}`,
  arn: verb.startsWith('Describe') ? '*' : 'arn:aws:ec2:*:*:security-group/*',
  what: id === '*' ? 'security groups' : `security group ${id}`,
});
