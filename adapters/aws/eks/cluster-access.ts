/** Access of people to clusters: access entries with EKS's own policies for viewing. */
import {
  AssociateAccessPolicyCommand,
  EKSClient,
  paginateListAccessEntries,
  paginateListAssociatedAccessPolicies,
} from '@aws-sdk/client-eks';
import type { AwsAccess } from '../../../core/config/dotenv.ts';
import { NotFound } from '../../../core/errors/errors.ts';
import type { AccessEntry, ClusterAccess } from '../../../ports/cluster/cluster-access.ts';
import { namespace, groups as ourGroups } from '../../kubernetes/names.ts';
import { collect, send, sendOptional } from '../client/send.ts';
import { clientSettings } from '../client/settings.ts';
import { managedByUs, roleIdTag } from '../client/tags.ts';
import { createEntry, deleteEntry, describeEntry, entryContext, policyArn } from './access-entry.ts';

/** Jobs, pods and their logs; no secrets. */
const viewNamespace = 'AmazonEKSViewPolicy';
/** Everything that can be viewed, nodes included. */
const viewCluster = 'AmazonEKSAdminViewPolicy';
const ours = new Set<string>(Object.values(ourGroups));

export class EksClusterAccess implements ClusterAccess {
  readonly #eks: EKSClient;

  constructor({ access }: { access: AwsAccess }) {
    this.#eks = new EKSClient(clientSettings(access));
  }

  async list(clusterName: string): Promise<AccessEntry[]> {
    const pages = paginateListAccessEntries({ client: this.#eks }, { clusterName });
    const principals = await sendOptional(
      entryContext('ListAccessEntries', clusterName, '*'),
      collect(pages, ({ accessEntries }) => accessEntries),
    );
    if (!principals) throw noCluster(clusterName);
    const entries: AccessEntry[] = [];
    for (const principal of principals) {
      const entry = await this.#find(clusterName, principal);
      if (entry) entries.push(entry);
    }
    return entries;
  }

  async add(clusterName: string, principalArn: string, nodes: boolean): Promise<void> {
    await createEntry(this.#eks, { clusterName, principalArn, tags: managedByUs }).catch((error) => {
      throw error instanceof NotFound ? noCluster(clusterName) : error;
    });
    await this.#associate(clusterName, principalArn, viewNamespace);
    if (nodes) await this.#associate(clusterName, principalArn, viewCluster);
  }

  remove(clusterName: string, principalArn: string): Promise<boolean> {
    return deleteEntry(this.#eks, clusterName, principalArn);
  }

  async #associate(clusterName: string, principalArn: string, policy: string): Promise<void> {
    await send(
      entryContext('AssociateAccessPolicy', clusterName, principalArn),
      this.#eks.send(
        new AssociateAccessPolicyCommand({
          ...{ clusterName, principalArn, policyArn: policyArn(principalArn, policy) },
          accessScope:
            policy === viewCluster ? { type: 'cluster' } : { type: 'namespace', namespaces: [namespace] },
        }),
      ),
    );
  }

  async #find(clusterName: string, principalArn: string): Promise<AccessEntry | undefined> {
    const entry = await describeEntry(this.#eks, clusterName, principalArn);
    if (!entry) return undefined;
    const { kubernetesGroups: groups = [], tags = {}, type = 'STANDARD' } = entry;
    const pages = paginateListAssociatedAccessPolicies({ client: this.#eks }, { clusterName, principalArn });
    // The entry may have been deleted since.
    const policies = await sendOptional(
      entryContext('ListAssociatedAccessPolicies', clusterName, principalArn),
      collect(pages, ({ associatedAccessPolicies }) => associatedAccessPolicies),
    );
    return {
      principal: principalArn,
      groups,
      policies: (policies ?? []).map(({ policyArn = '', accessScope }) => ({
        name: policyArn.slice(policyArn.lastIndexOf('/') + 1),
        namespaces: accessScope?.namespaces ?? [],
      })),
      needed: tags[roleIdTag] !== undefined || type !== 'STANDARD' || groups.some((one) => ours.has(one)),
    };
  }
}

const noCluster = (name: string) =>
  new NotFound(`there is no cluster ${name}`, { hint: 'gcd-sfn resources shows those that there are.' });
