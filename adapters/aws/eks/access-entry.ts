/** Requests to EKS about the access entries of clusters. */
import {
  type AccessEntry,
  CreateAccessEntryCommand,
  type CreateAccessEntryCommandInput,
  DeleteAccessEntryCommand,
  DescribeAccessEntryCommand,
  type EKSClient,
} from '@aws-sdk/client-eks';
import type { RequestContext } from '../client/errors.ts';
import { sendOptional } from '../client/send.ts';

/** @returns undefined when there is no such entry, or no such cluster */
export async function describeEntry(
  eks: EKSClient,
  clusterName: string,
  principalArn: string,
): Promise<AccessEntry | undefined> {
  const found = await sendOptional(
    entryContext('DescribeAccessEntry', clusterName, principalArn),
    eks.send(new DescribeAccessEntryCommand({ clusterName, principalArn })),
  );
  return found?.accessEntry;
}

/** An entry that exists, such as of a concurrent call, stays as it is. @throws NotFound when there is no such cluster */
export async function createEntry(
  eks: EKSClient,
  {
    clusterName,
    principalArn,
    ...more
  }: CreateAccessEntryCommandInput & { clusterName: string; principalArn: string },
): Promise<void> {
  await sendOptional(
    entryContext('CreateAccessEntry', clusterName, principalArn),
    eks.send(new CreateAccessEntryCommand({ clusterName, principalArn, ...more })),
    'exists',
  );
}

/** @returns whether there was one */
export async function deleteEntry(
  eks: EKSClient,
  clusterName: string,
  principalArn: string,
): Promise<boolean> {
  const deleted = await sendOptional(
    entryContext('DeleteAccessEntry', clusterName, principalArn),
    eks.send(new DeleteAccessEntryCommand({ clusterName, principalArn })),
  );
  return deleted !== undefined;
}

/** The ARN of a policy of EKS in the partition of a principal: `arn:aws-cn:…`. */
export const policyArn = (principalArn: string, policy: string): string =>
  `arn:${principalArn.split(':')[1]}:eks::aws:cluster-access-policy/${policy}`;

/** @param principal `*` for all entries of a cluster */
export const entryContext = (verb: string, cluster: string, principal: string): RequestContext => ({
  action: `eks:${verb}`,
  arn: /^(Create|ListAccessEntries)/.test(verb)
    ? `arn:aws:eks:*:*:cluster/${cluster}`
    : `arn:aws:eks:*:*:access-entry/${cluster}/*`,
  what: principal === '*' ? `entries of cluster ${cluster}` : `entry of ${principal} for cluster ${cluster}`,
});
