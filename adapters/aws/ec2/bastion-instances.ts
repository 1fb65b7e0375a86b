/** The instances of bastions, found by their tags. */
import {
  type EC2Client,
  type Instance,
  paginateDescribeInstances,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { RequestContext } from '../client/errors.ts';
import { collect, send, sendOptional } from '../client/send.ts';
import { bastionTag, managedByUsFilter, tagsFromList } from '../client/tags.ts';

/** Of this name, or of all when it is null; oldest first, and terminated ones too, while EC2 lists them. */
export async function bastionInstances(ec2: EC2Client, name: string | null): Promise<Instance[]> {
  const byName =
    name === null ? { Name: 'tag-key', Values: [bastionTag] } : { Name: `tag:${bastionTag}`, Values: [name] };
  const pages = paginateDescribeInstances({ client: ec2 }, { Filters: [managedByUsFilter, byName] });
  const reservations = await send(
    bastionContext('DescribeInstances', name),
    collect(pages, ({ Reservations }) => Reservations),
  );
  return reservations
    .flatMap(({ Instances = [] }) => Instances)
    .sort((a, b) => (a.LaunchTime?.getTime() ?? 0) - (b.LaunchTime?.getTime() ?? 0));
}

export const bastionNameOf = ({ Tags }: Instance): string => tagsFromList(Tags)[bastionTag] ?? '';
export const isTerminating = ({ State }: Instance): boolean => State?.Name === 'shutting-down';
export const isTerminated = ({ State }: Instance): boolean => State?.Name === 'terminated';

/** Instances that were terminated meanwhile are no error. */
export async function terminateBastion(ec2: EC2Client, name: string, instances: Instance[]): Promise<void> {
  if (instances.length === 0) return;
  const InstanceIds = instances.map(({ InstanceId = '' }) => InstanceId);
  await sendOptional(
    bastionContext('TerminateInstances', name),
    ec2.send(new TerminateInstancesCommand({ InstanceIds })),
  );
}

export const bastionContext = (verb: string, name: string | null): RequestContext => ({
  action: `ec2:${verb}`,
  arn: verb.startsWith('Describe') ? '*' : 'arn:aws:ec2:*:*:instance/*',
  what: name === null ? 'bastions' : `bastion ${name}`,
});
