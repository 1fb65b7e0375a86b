/** Identities as EKS gives them to pods: an association of the execution's own service account with the workers' role. */
import {
  CreatePodIdentityAssociationCommand,
  DeletePodIdentityAssociationCommand,
  DescribePodIdentityAssociationCommand,
  EKSClient,
  ListPodIdentityAssociationsCommand,
  type PodIdentityAssociation,
} from '@aws-sdk/client-eks';
import type { Identities, IdentitySpec } from '../../../ports/cluster/identities.ts';
import { namespace } from '../../kubernetes/names.ts';
import type { Asked } from '../client/errors.ts';
import { ask, askFor, isInUse } from '../client/problems.ts';
import { clientSettings } from '../client/settings.ts';
import type { AwsAccess } from '../s3/client.ts';
import { type SessionPlace, sessionPolicy } from './session-policy.ts';

/** Says whose an association is. */
const executionTag = 'gcd-sfn:execution';

export class EksIdentities implements Identities {
  readonly #eks: EKSClient;
  readonly #place: SessionPlace;

  constructor({ access, ...place }: SessionPlace & { access: AwsAccess }) {
    this.#eks = new EKSClient(clientSettings(access));
    this.#place = place;
  }

  async give(wanted: IdentitySpec): Promise<number> {
    const { cluster, execution, tags } = wanted;
    const there = await this.#find(cluster, execution);
    if (there) return since(there);
    const made = await ask(asked('CreatePodIdentityAssociation', cluster), () =>
      this.#eks
        .send(
          new CreatePodIdentityAssociationCommand({
            ...{ clusterName: cluster, namespace, serviceAccount: execution },
            roleArn: this.#place.podRoleArn,
            // EKS takes a policy only where its own tags are left out.
            disableSessionTags: true,
            policy: sessionPolicy(this.#place, wanted),
            // Without the first two, IAM lets no function make it or take it away.
            tags: {
              ...{ ...tags, managedBy: 'gcd-sfn', 'gcd-sfn:stack': this.#place.stack },
              [executionTag]: execution,
            },
          }),
        )
        .catch((error) => {
          // Another call for the same execution was faster.
          if (!isInUse(error)) throw error;
        }),
    );
    return since(made?.association ?? (await this.#find(cluster, execution)));
  }

  async list(clusterName: string): Promise<string[]> {
    const asks = asked('ListPodIdentityAssociations', clusterName);
    const executions: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await askFor(asks, () =>
        this.#eks.send(new ListPodIdentityAssociationsCommand({ clusterName, namespace, nextToken })),
      );
      executions.push(...(page?.associations ?? []).map(({ serviceAccount = '' }) => serviceAccount));
      nextToken = page?.nextToken;
    } while (nextToken !== undefined);
    return executions;
  }

  async take(cluster: string, execution: string): Promise<void> {
    const found = await this.#find(cluster, execution);
    // Somebody may have put one of their own into the namespace.
    if (found?.tags?.[executionTag] !== execution) return;
    const { associationId } = found;
    await askFor(asked('DeletePodIdentityAssociation', cluster), () =>
      this.#eks.send(new DeletePodIdentityAssociationCommand({ clusterName: cluster, associationId })),
    );
  }

  /** Undefined when there is none, or no cluster. */
  async #find(clusterName: string, serviceAccount: string): Promise<PodIdentityAssociation | undefined> {
    const listed = await askFor(asked('ListPodIdentityAssociations', clusterName), () =>
      this.#eks.send(new ListPodIdentityAssociationsCommand({ clusterName, namespace, serviceAccount })),
    );
    const associationId = listed?.associations?.[0]?.associationId;
    if (associationId === undefined) return undefined;
    const found = await askFor(asked('DescribePodIdentityAssociation', clusterName), () =>
      this.#eks.send(new DescribePodIdentityAssociationCommand({ clusterName, associationId })),
    );
    return found?.association;
  }
}

const since = (found: PodIdentityAssociation | undefined): number =>
  (found?.createdAt?.getTime() ?? Date.now()) / 1000;

const asked = (verb: string, cluster: string): Asked => ({
  action: `eks:${verb}`,
  arn: /^(Create|List)/.test(verb)
    ? `arn:aws:eks:*:*:cluster/${cluster}`
    : `arn:aws:eks:*:*:podidentityassociation/${cluster}/*`,
  what: `identity of the workers in cluster ${cluster}`,
});
