/**
 * Administrator's access for the role that maintains a cluster. EKS gives it to the role that creates the cluster; after a
 * change of the stack that may be another role, which could otherwise repair nothing inside of the cluster.
 */
import {
  AssociateAccessPolicyCommand,
  type EKSClient,
  ListAssociatedAccessPoliciesCommand,
} from '@aws-sdk/client-eks';
import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import { send } from '../../client/send.ts';
import { roleIdTag } from '../../client/tags.ts';
import { createEntry, deleteEntry, describeEntry, entryContext, policyArn } from '../access-entry.ts';
import type { Part } from './cluster-part.ts';

interface Role {
  arn: string;
  id: string;
}

const adminPolicyOf = (arn: string): string => policyArn(arn, 'AmazonEKSClusterAdminPolicy');

/** The part that gives the calling role access. Users get none: a cluster that a user created is not the stack's. */
export function creatorAccessPart({ eks, sts }: { eks: EKSClient; sts: STSClient }): Part {
  const missing = async (clusterName: string, { arn, id }: Role): Promise<'entry' | 'policy' | null> => {
    const found = await describeEntry(eks, clusterName, arn);
    const roleId = found?.tags?.[roleIdTag];
    // Without the tag it is EKS's own.
    if (!found || (roleId !== undefined && roleId !== id)) return 'entry';
    const { associatedAccessPolicies = [] } = await send(
      entryContext('ListAssociatedAccessPolicies', clusterName, arn),
      eks.send(new ListAssociatedAccessPoliciesCommand({ clusterName, principalArn: arn })),
    );
    return associatedAccessPolicies.some((one) => one.policyArn === adminPolicyOf(arn)) ? null : 'policy';
  };

  return {
    async isThere({ name }) {
      const role = await callingRole(sts);
      return role === undefined || (await missing(name, role)) === null;
    },
    async put({ name: clusterName, tags }) {
      const role = await callingRole(sts);
      const what = role && (await missing(clusterName, role));
      if (!role || !what) return;
      const entry = { clusterName, principalArn: role.arn };
      if (what === 'entry') {
        await deleteEntry(eks, clusterName, role.arn);
        await createEntry(eks, { ...entry, tags: { ...tags, [roleIdTag]: role.id } });
      }
      await send(
        entryContext('AssociateAccessPolicy', clusterName, role.arn),
        eks.send(
          new AssociateAccessPolicyCommand({
            ...entry,
            policyArn: adminPolicyOf(role.arn),
            accessScope: { type: 'cluster' },
          }),
        ),
      );
    },
  };
}

/** The role whose credentials these are; undefined when they are a user's. */
async function callingRole(sts: STSClient): Promise<Role | undefined> {
  const context = { action: 'sts:GetCallerIdentity', arn: '*', what: 'whose credentials these are' };
  const { Arn = '', UserId = '' } = await send(context, sts.send(new GetCallerIdentityCommand({})));
  const [, partition, account, name] = /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\//.exec(Arn) ?? [];
  if (name === undefined) return undefined;
  return { arn: `arn:${partition}:iam::${account}:role/${name}`, id: UserId.split(':')[0] ?? '' };
}
