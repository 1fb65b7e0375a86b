/**
 * The entry of who sees to a cluster. EKS makes one for the role that makes the cluster; a stack that is changed may have
 * another role for that later, which must be let in, or nothing inside of the cluster could ever be mended.
 */
import {
  AssociateAccessPolicyCommand,
  CreateAccessEntryCommand,
  DeleteAccessEntryCommand,
  DescribeAccessEntryCommand,
  type EKSClient,
  ListAssociatedAccessPoliciesCommand,
} from '@aws-sdk/client-eks';
import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import { ask, askFor, isInUse } from '../../client/problems.ts';
import { entryAsked, roleTag } from './access-entries.ts';
import type { Part } from './cluster-part.ts';

interface Role {
  arn: string;
  id: string;
}

/** The part that lets the role in that asks. A user needs none: who makes a cluster by hand is not the stack. */
export function makerPart({ eks, sts }: { eks: EKSClient; sts: STSClient }): Part {
  const missing = async (clusterName: string, { arn, id }: Role): Promise<'entry' | 'policy' | null> => {
    const about = { clusterName, principalArn: arn };
    const found = await askFor(entryAsked('DescribeAccessEntry', clusterName, arn), () =>
      eks.send(new DescribeAccessEntryCommand(about)),
    );
    const madeFor = found?.accessEntry?.tags?.[roleTag];
    // Without the tag it is EKS's own.
    if (!found || (madeFor !== undefined && madeFor !== id)) return 'entry';
    const { associatedAccessPolicies = [] } = await ask(
      entryAsked('ListAssociatedAccessPolicies', clusterName, arn),
      () => eks.send(new ListAssociatedAccessPoliciesCommand(about)),
    );
    return associatedAccessPolicies.some(({ policyArn }) => policyArn === policyOf(arn)) ? null : 'policy';
  };

  return {
    async isThere({ name }) {
      const role = await ownRole(sts);
      return role === undefined || (await missing(name, role)) === null;
    },
    async put({ name: clusterName, tags }) {
      const role = await ownRole(sts);
      const what = role && (await missing(clusterName, role));
      if (!role || !what) return;
      const about = { clusterName, principalArn: role.arn };
      if (what === 'entry') {
        await askFor(entryAsked('DeleteAccessEntry', clusterName, role.arn), () =>
          eks.send(new DeleteAccessEntryCommand(about)),
        );
        await ask(entryAsked('CreateAccessEntry', clusterName, role.arn), () =>
          eks
            .send(new CreateAccessEntryCommand({ ...about, tags: { ...tags, [roleTag]: role.id } }))
            .catch((error) => {
              // Another run was faster.
              if (!isInUse(error)) throw error;
            }),
        );
      }
      await ask(entryAsked('AssociateAccessPolicy', clusterName, role.arn), () =>
        eks.send(
          new AssociateAccessPolicyCommand({
            ...about,
            policyArn: policyOf(role.arn),
            accessScope: { type: 'cluster' },
          }),
        ),
      );
    },
  };
}

/** Also of other partitions: `arn:aws-cn:…`. */
const policyOf = (arn: string): string =>
  `arn:${arn.split(':')[1]}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`;

/** The role that asks, and its id; undefined when it is none. */
async function ownRole(sts: STSClient): Promise<Role | undefined> {
  const asked = { action: 'sts:GetCallerIdentity', arn: '*', what: 'whose credentials these are' };
  const { Arn = '', UserId = '' } = await ask(asked, () => sts.send(new GetCallerIdentityCommand({})));
  const [, partition, account, name] = /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\//.exec(Arn) ?? [];
  if (name === undefined) return undefined;
  return { arn: `arn:${partition}:iam::${account}:role/${name}`, id: UserId.split(':')[0] ?? '' };
}
