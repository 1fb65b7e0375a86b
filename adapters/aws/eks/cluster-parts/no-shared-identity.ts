/**
 * The identity that all workers of a cluster shared in version 0.1: whatever runs under that service account may all that the
 * workers' role may. It goes as soon as nothing does.
 */
import {
  DeletePodIdentityAssociationCommand,
  DescribePodIdentityAssociationCommand,
  type EKSClient,
  ListPodIdentityAssociationsCommand,
} from '@aws-sdk/client-eks';
import type { KubernetesOf } from '../../../kubernetes/client.ts';
import { namespace } from '../../../kubernetes/names.ts';
import type { Asked } from '../../client/errors.ts';
import { askFor } from '../../client/problems.ts';
import type { Part } from './cluster-part.ts';

/** Executions are called after their runs and a number, so none has this name. */
const serviceAccount = 'worker';

/** The part that is there when that identity is not. */
export function noSharedIdentity({ eks, kubernetes }: { eks: EKSClient; kubernetes: KubernetesOf }): Part {
  /** Its id; undefined when there is none, or one that somebody else has put there. */
  const find = async (clusterName: string): Promise<string | undefined> => {
    const listed = await askFor(asked('ListPodIdentityAssociations', clusterName), () =>
      eks.send(new ListPodIdentityAssociationsCommand({ clusterName, namespace, serviceAccount })),
    );
    const associationId = listed?.associations?.[0]?.associationId;
    if (associationId === undefined) return undefined;
    const found = await askFor(asked('DescribePodIdentityAssociation', clusterName), () =>
      eks.send(new DescribePodIdentityAssociationCommand({ clusterName, associationId })),
    );
    return found?.association?.tags?.managedBy === 'gcd-sfn' ? associationId : undefined;
  };
  /** A run that began before the stack was deployed anew comes to its end with it. */
  const isUsed = async (cluster: string): Promise<boolean> => {
    const pods = await (await kubernetes(cluster))?.list('pods', {}, `workers in cluster ${cluster}`);
    return (pods ?? []).some(({ spec }) => spec?.serviceAccountName === serviceAccount);
  };
  return {
    isThere: async ({ name }) => (await find(name)) === undefined || (await isUsed(name)),
    async put({ name: clusterName }) {
      const associationId = await find(clusterName);
      if (associationId === undefined || (await isUsed(clusterName))) return;
      await askFor(asked('DeletePodIdentityAssociation', clusterName), () =>
        eks.send(new DeletePodIdentityAssociationCommand({ clusterName, associationId })),
      );
    },
  };
}

const asked = (verb: string, cluster: string): Asked => ({
  action: `eks:${verb}`,
  arn: verb.startsWith('List')
    ? `arn:aws:eks:*:*:cluster/${cluster}`
    : `arn:aws:eks:*:*:podidentityassociation/${cluster}/*`,
  what: `identity that the workers of cluster ${cluster} shared`,
});
