/**
 * Removes the identity that all workers of a cluster shared in version 0.1, which gave every pod of its service account all
 * permissions of the workers' role. It is deleted as soon as no pod uses it.
 */
import type { EKSClient } from '@aws-sdk/client-eks';
import type { KubernetesOf } from '../../../kubernetes/client.ts';
import { isManagedByUs } from '../../client/tags.ts';
import { associationContext, deleteAssociation, findAssociation } from '../identities.ts';
import type { Part } from './cluster-part.ts';

/** Names of executions end with a number, so none has this one. */
const serviceAccount = 'worker';

/** The part that is complete when that identity does not exist. */
export function noSharedIdentity({ eks, kubernetes }: { eks: EKSClient; kubernetes: KubernetesOf }): Part {
  /** Its id; undefined when there is none, or somebody else's. */
  const find = async (cluster: string): Promise<string | undefined> => {
    const found = await findAssociation(eks, cluster, serviceAccount, contextOf);
    return isManagedByUs(found?.tags) ? found?.associationId : undefined;
  };
  /** By a run that started before the stack was deployed again. */
  const isUsed = async (cluster: string): Promise<boolean> => {
    const pods = await (await kubernetes(cluster))?.list('pods', {}, `workers in cluster ${cluster}`);
    return (pods ?? []).some(({ spec }) => spec?.serviceAccountName === serviceAccount);
  };
  return {
    isThere: async ({ name }) => (await find(name)) === undefined || (await isUsed(name)),
    async put({ name }) {
      const id = await find(name);
      if (id !== undefined && !(await isUsed(name))) await deleteAssociation(eks, name, id, contextOf);
    },
  };
}

const contextOf = (verb: string, cluster: string) =>
  associationContext(verb, cluster, `identity that the workers of cluster ${cluster} shared`);
