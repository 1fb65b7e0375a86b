/** Which role the workers' pods have in AWS. */
import {
  CreatePodIdentityAssociationCommand,
  DescribePodIdentityAssociationCommand,
  type EKSClient,
  ListPodIdentityAssociationsCommand,
  type PodIdentityAssociation,
  UpdatePodIdentityAssociationCommand,
} from '@aws-sdk/client-eks';
import { namespace, serviceAccount } from '../kubernetes/names.ts';
import { ask, askFor, isInUse } from './cloud-problems.ts';
import type { Part } from './eks-part.ts';
import type { Asked } from './errors.ts';

const workers = { namespace, serviceAccount };

/** The part that gives the pods of the workers' service account a role of the account. */
export function identityPart({ eks, podRoleArn }: { eks: EKSClient; podRoleArn: string }): Part {
  const find = async (clusterName: string): Promise<PodIdentityAssociation | undefined> => {
    const listed = await askFor(asked('ListPodIdentityAssociations', clusterName), () =>
      eks.send(new ListPodIdentityAssociationsCommand({ clusterName, ...workers })),
    );
    const associationId = listed?.associations?.[0]?.associationId;
    if (associationId === undefined) return undefined;
    const found = await askFor(asked('DescribePodIdentityAssociation', clusterName), () =>
      eks.send(new DescribePodIdentityAssociationCommand({ clusterName, associationId })),
    );
    return found?.association;
  };

  return {
    async isThere({ name }) {
      return (await find(name))?.roleArn === podRoleArn;
    },
    async put({ name: clusterName, tags }) {
      const found = await find(clusterName);
      if (found?.roleArn === podRoleArn) return;
      const role = { clusterName, roleArn: podRoleArn };
      if (found)
        await ask(asked('UpdatePodIdentityAssociation', clusterName), () =>
          eks.send(new UpdatePodIdentityAssociationCommand({ ...role, associationId: found.associationId })),
        );
      else
        await ask(asked('CreatePodIdentityAssociation', clusterName), () =>
          eks.send(new CreatePodIdentityAssociationCommand({ ...role, ...workers, tags })).catch((error) => {
            if (!isInUse(error)) throw error;
          }),
        );
    },
  };
}

const asked = (verb: string, cluster: string): Asked => ({
  action: `eks:${verb}`,
  arn: /^(Create|List)/.test(verb)
    ? `arn:aws:eks:*:*:cluster/${cluster}`
    : `arn:aws:eks:*:*:podidentityassociation/${cluster}/*`,
  what: `identity of the workers of cluster ${cluster}`,
});
