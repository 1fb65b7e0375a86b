/** Which roles of the account are which groups of a cluster. */
import {
  type AccessEntry,
  CreateAccessEntryCommand,
  DeleteAccessEntryCommand,
  DescribeAccessEntryCommand,
  type EKSClient,
  UpdateAccessEntryCommand,
} from '@aws-sdk/client-eks';
import { GetRoleCommand, type IAMClient } from '@aws-sdk/client-iam';
import { groups as groupNames } from '../../../kubernetes/names.ts';
import type { Asked } from '../../client/errors.ts';
import { ask, askFor, isInUse } from '../../client/problems.ts';
import type { Part, PartOf } from './cluster-part.ts';

/** ARNs of roles, by what they may do in a cluster. */
export interface People {
  writers: string[];
  readers: string[];
  bastion: string | null;
}

/**
 * An entry holds for the role that it was made for, not for one that was made anew under the same name: its tag says
 * for which.
 */
export const roleTag = 'gcd-sfn:role-id';

/** The part that lets the roles act on a cluster. */
export function accessPart({ eks, iam, people }: { eks: EKSClient; iam: IAMClient; people: People }): Part {
  const wanted = groupsByRole(people);
  const roleId = async (arn: string): Promise<string> => {
    const RoleName = arn.slice(arn.lastIndexOf('/') + 1);
    const asked = { action: 'iam:GetRole', arn, what: `role ${RoleName}` };
    const { Role } = await ask(asked, () => iam.send(new GetRoleCommand({ RoleName })));
    return Role?.RoleId ?? '';
  };
  const find = async (clusterName: string, principalArn: string): Promise<AccessEntry | undefined> => {
    const found = await askFor(entryAsked('DescribeAccessEntry', clusterName, principalArn), () =>
      eks.send(new DescribeAccessEntryCommand({ clusterName, principalArn })),
    );
    return found?.accessEntry;
  };
  const isRight = (entry: AccessEntry | undefined, groups: string[], id: string): boolean =>
    entry !== undefined &&
    groups.every((group) => entry.kubernetesGroups?.includes(group)) &&
    (!isOurs(entry) || (entry.kubernetesGroups?.length === groups.length && entry.tags?.[roleTag] === id));

  return {
    async isThere({ name }) {
      for (const [arn, groups] of wanted)
        if (!isRight(await find(name, arn), groups, await roleId(arn))) return false;
      return true;
    },
    async put({ name, tags }: PartOf) {
      for (const [arn, groups] of wanted) {
        const id = await roleId(arn);
        const entry = await find(name, arn);
        if (isRight(entry, groups, id)) continue;
        // The entry of who made the cluster is EKS's own, and gets the group beside what it has.
        if (entry && !isOurs(entry)) await widen(eks, name, entry, groups);
        else await renew(eks, name, entry, { arn, groups, tags: { ...tags, [roleTag]: id } });
      }
    },
  };
}

const isOurs = ({ tags }: AccessEntry): boolean => tags?.[roleTag] !== undefined;

function groupsByRole({ writers, readers, bastion }: People): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  const add = (arn: string, group: string) => groups.set(arn, [...(groups.get(arn) ?? []), group]);
  for (const arn of new Set(writers)) add(arn, groupNames.writers);
  for (const arn of new Set(readers)) add(arn, groupNames.readers);
  if (bastion !== null) add(bastion, groupNames.bastion);
  return groups;
}

async function widen(
  eks: EKSClient,
  clusterName: string,
  entry: AccessEntry,
  groups: string[],
): Promise<void> {
  const { principalArn = '', kubernetesGroups = [] } = entry;
  const all = [...new Set([...kubernetesGroups, ...groups])];
  await ask(entryAsked('UpdateAccessEntry', clusterName, principalArn), () =>
    eks.send(new UpdateAccessEntryCommand({ clusterName, principalArn, kubernetesGroups: all })),
  );
}

async function renew(
  eks: EKSClient,
  clusterName: string,
  entry: AccessEntry | undefined,
  { arn, groups, tags }: { arn: string; groups: string[]; tags: Record<string, string> },
): Promise<void> {
  const about = { clusterName, principalArn: arn };
  if (entry)
    await askFor(entryAsked('DeleteAccessEntry', clusterName, arn), () =>
      eks.send(new DeleteAccessEntryCommand(about)),
    );
  await ask(entryAsked('CreateAccessEntry', clusterName, arn), () =>
    eks.send(new CreateAccessEntryCommand({ ...about, kubernetesGroups: groups, tags })).catch((error) => {
      // Another run was faster; the next look sees whether it is right.
      if (!isInUse(error)) throw error;
    }),
  );
}

export const entryAsked = (verb: string, cluster: string, role: string): Asked => ({
  action: `eks:${verb}`,
  arn:
    verb === 'CreateAccessEntry'
      ? `arn:aws:eks:*:*:cluster/${cluster}`
      : `arn:aws:eks:*:*:access-entry/${cluster}/*`,
  what: `entry of ${role} for cluster ${cluster}`,
});
