/** Access entries that put roles of the account into groups of a cluster. */
import { type AccessEntry, type EKSClient, UpdateAccessEntryCommand } from '@aws-sdk/client-eks';
import { GetRoleCommand, type IAMClient } from '@aws-sdk/client-iam';
import { groups as groupNames } from '../../../kubernetes/names.ts';
import { send } from '../../client/send.ts';
import { roleIdTag } from '../../client/tags.ts';
import { createEntry, deleteEntry, describeEntry, entryContext } from '../access-entry.ts';
import type { Part, PartOf } from './cluster-part.ts';

/** ARNs of roles, by what they may do in a cluster. */
export interface People {
  writers: string[];
  readers: string[];
  bastion: string | null;
}

/** The part that gives the roles access. */
export function accessPart({ eks, iam, people }: { eks: EKSClient; iam: IAMClient; people: People }): Part {
  const wanted = groupsByRole(people);
  const roleId = async (arn: string): Promise<string> => {
    const RoleName = arn.slice(arn.lastIndexOf('/') + 1);
    const context = { action: 'iam:GetRole', arn, what: `role ${RoleName}` };
    const { Role } = await send(context, iam.send(new GetRoleCommand({ RoleName })));
    return Role?.RoleId ?? '';
  };

  return {
    async isThere({ name }) {
      for (const [arn, groups] of wanted)
        if (!isRight(await describeEntry(eks, name, arn), groups, await roleId(arn))) return false;
      return true;
    },
    async put({ name, tags }: PartOf) {
      for (const [arn, groups] of wanted) {
        const id = await roleId(arn);
        const entry = await describeEntry(eks, name, arn);
        if (isRight(entry, groups, id)) continue;
        // The entry of the cluster's creator is EKS's own, and gets the groups in addition.
        if (entry && !isOurs(entry)) await addGroups(eks, name, entry, groups);
        else {
          if (entry) await deleteEntry(eks, name, arn);
          await createEntry(eks, {
            ...{ clusterName: name, principalArn: arn, kubernetesGroups: groups },
            tags: { ...tags, [roleIdTag]: id },
          });
        }
      }
    },
  };
}

const isOurs = ({ tags }: AccessEntry): boolean => tags?.[roleIdTag] !== undefined;

/** An entry is for one role: one that was recreated under the same name has another id, and needs another entry. */
const isRight = (entry: AccessEntry | undefined, groups: string[], id: string): boolean =>
  entry !== undefined &&
  groups.every((group) => entry.kubernetesGroups?.includes(group)) &&
  (!isOurs(entry) || (entry.kubernetesGroups?.length === groups.length && entry.tags?.[roleIdTag] === id));

function groupsByRole({ writers, readers, bastion }: People): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  const add = (arn: string, group: string) => groups.set(arn, [...(groups.get(arn) ?? []), group]);
  for (const arn of new Set(writers)) add(arn, groupNames.writers);
  for (const arn of new Set(readers)) add(arn, groupNames.readers);
  if (bastion !== null) add(bastion, groupNames.bastion);
  return groups;
}

async function addGroups(
  eks: EKSClient,
  clusterName: string,
  { principalArn = '', kubernetesGroups: existing = [] }: AccessEntry,
  groups: string[],
): Promise<void> {
  const kubernetesGroups = [...new Set([...existing, ...groups])];
  await send(
    entryContext('UpdateAccessEntry', clusterName, principalArn),
    eks.send(new UpdateAccessEntryCommand({ clusterName, principalArn, kubernetesGroups })),
  );
}
