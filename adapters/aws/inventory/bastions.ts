/** Bastions, by their tag: the machines of nodegroups are ours, too, but go with their groups. */
import {
  DescribeInstancesCommand,
  type EC2Client,
  type Instance,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { Asked } from '../client/errors.ts';
import { askGone, clusterTag, isOurs, type Part, pages, seconds, tagsOf } from './resource-kind.ts';

const nameTag = 'gcd-sfn:bastion';

export function bastionsPart(ec2: EC2Client, stack: string): Part {
  /** Those that are not removed yet. @param name undefined: all */
  const instances = async (name?: string): Promise<Instance[]> => {
    const Filters = [
      { Name: 'tag:managedBy', Values: ['gcd-sfn'] },
      name === undefined
        ? { Name: 'tag-key', Values: [nameTag] }
        : { Name: `tag:${nameTag}`, Values: [name] },
      { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped', 'shutting-down'] },
    ];
    const reservations = await pages(
      asked('DescribeInstances', name ?? '*'),
      (NextToken) => ec2.send(new DescribeInstancesCommand({ Filters, NextToken })),
      ({ Reservations, NextToken }) => ({ items: Reservations, next: NextToken }),
    );
    const all = reservations.flatMap(({ Instances = [] }) => Instances);
    return all.filter(({ Tags }) => isOurs(tagsOf(Tags), stack));
  };
  const isGoing = ({ State }: Instance) => State?.Name === 'shutting-down';

  return {
    async list() {
      const byName = new Map<string, Instance>();
      for (const one of await instances()) byName.set(tagsOf(one.Tags)[nameTag] ?? '', one);
      return [...byName].map(([name, { Tags, LaunchTime }]) => ({
        kind: 'bastion',
        name,
        cluster: tagsOf(Tags)[clusterTag] ?? null,
        since: seconds(LaunchTime),
      }));
    },

    async state({ name }) {
      const found = await instances(name);
      if (found.length === 0) return 'gone';
      return found.every(isGoing) ? 'going' : 'there';
    },

    async remove({ name }) {
      const InstanceIds = (await instances(name)).map(({ InstanceId = '' }) => InstanceId);
      if (InstanceIds.length === 0) return;
      await askGone(asked('TerminateInstances', name), () =>
        ec2.send(new TerminateInstancesCommand({ InstanceIds })),
      );
    },
  };
}

const asked = (verb: string, name: string): Asked => ({
  action: `ec2:${verb}`,
  arn: verb.startsWith('Describe') ? '*' : 'arn:aws:ec2:*:*:instance/*',
  what: name === '*' ? 'bastions' : `bastion ${name}`,
});
