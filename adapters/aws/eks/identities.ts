/** Identities of pods: EKS associates the execution's service account with the workers' role. */
import {
  CreatePodIdentityAssociationCommand,
  DeletePodIdentityAssociationCommand,
  DescribePodIdentityAssociationCommand,
  EKSClient,
  ListPodIdentityAssociationsCommand,
  type PodIdentityAssociation,
  paginateListPodIdentityAssociations,
} from '@aws-sdk/client-eks';
import type { AwsAccess } from '../../../core/config/dotenv.ts';
import type { Identities, IdentitySpec } from '../../../ports/cluster/identities.ts';
import { namespace } from '../../kubernetes/names.ts';
import type { RequestContext } from '../client/errors.ts';
import { collect, sendOptional } from '../client/send.ts';
import { clientSettings } from '../client/settings.ts';
import { executionTag, stackTags } from '../client/tags.ts';
import { type SessionPlace, sessionPolicy } from './session-policy.ts';

export class EksIdentities implements Identities {
  readonly #eks: EKSClient;
  readonly #place: SessionPlace;

  constructor({ access, ...place }: SessionPlace & { access: AwsAccess }) {
    this.#eks = new EKSClient(clientSettings(access));
    this.#place = place;
  }

  async give(wanted: IdentitySpec): Promise<number> {
    const { cluster, execution, tags } = wanted;
    const existing = await this.#find(cluster, execution);
    if (existing) return since(existing);
    const created = await sendOptional(
      contextOf('CreatePodIdentityAssociation', cluster),
      this.#eks.send(
        new CreatePodIdentityAssociationCommand({
          ...{ clusterName: cluster, namespace, serviceAccount: execution },
          roleArn: this.#place.podRoleArn,
          // EKS accepts a policy only without its session tags.
          disableSessionTags: true,
          policy: sessionPolicy(this.#place, wanted),
          // Without the tags of the stack, IAM lets no function create or delete it.
          tags: { ...tags, ...stackTags(this.#place.stack), [executionTag]: execution },
        }),
      ),
      // A concurrent call for the same execution was faster.
      'exists',
    );
    return since(created?.association ?? (await this.#find(cluster, execution)));
  }

  async list(clusterName: string): Promise<string[]> {
    const pages = paginateListPodIdentityAssociations({ client: this.#eks }, { clusterName, namespace });
    const associations = await sendOptional(
      contextOf('ListPodIdentityAssociations', clusterName),
      collect(pages, ({ associations }) => associations),
    );
    return (associations ?? []).map(({ serviceAccount = '' }) => serviceAccount);
  }

  async take(cluster: string, execution: string): Promise<void> {
    const found = await this.#find(cluster, execution);
    // Others may have associations in the namespace.
    if (found?.tags?.[executionTag] !== execution) return;
    await deleteAssociation(this.#eks, cluster, found.associationId, contextOf);
  }

  #find(cluster: string, execution: string): Promise<PodIdentityAssociation | undefined> {
    return findAssociation(this.#eks, cluster, execution, contextOf);
  }
}

type ContextOf = (verb: string, cluster: string) => RequestContext;

/** The association of a service account; undefined when there is none, or no such cluster. */
export async function findAssociation(
  eks: EKSClient,
  clusterName: string,
  serviceAccount: string,
  contextOf: ContextOf,
): Promise<PodIdentityAssociation | undefined> {
  const listed = await sendOptional(
    contextOf('ListPodIdentityAssociations', clusterName),
    eks.send(new ListPodIdentityAssociationsCommand({ clusterName, namespace, serviceAccount })),
  );
  const associationId = listed?.associations?.[0]?.associationId;
  if (associationId === undefined) return undefined;
  const found = await sendOptional(
    contextOf('DescribePodIdentityAssociation', clusterName),
    eks.send(new DescribePodIdentityAssociationCommand({ clusterName, associationId })),
  );
  return found?.association;
}

/** An association that does not exist is no error. */
export async function deleteAssociation(
  eks: EKSClient,
  clusterName: string,
  associationId: string | undefined,
  contextOf: ContextOf,
): Promise<void> {
  await sendOptional(
    contextOf('DeletePodIdentityAssociation', clusterName),
    eks.send(new DeletePodIdentityAssociationCommand({ clusterName, associationId })),
  );
}

export const associationContext = (verb: string, cluster: string, what: string): RequestContext => ({
  action: `eks:${verb}`,
  arn: /^(Create|List)/.test(verb)
    ? `arn:aws:eks:*:*:cluster/${cluster}`
    : `arn:aws:eks:*:*:podidentityassociation/${cluster}/*`,
  what,
});

const contextOf: ContextOf = (verb, cluster) =>
  associationContext(verb, cluster, `identity of the workers in cluster ${cluster}`);

const since = (found: PodIdentityAssociation | undefined): number =>
  (found?.createdAt?.getTime() ?? Date.now()) / 1000;
