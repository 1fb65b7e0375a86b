/** Access entries of EKS, with its own policies for looking. */
import {
  AssociateAccessPolicyCommand,
  CreateAccessEntryCommand,
  DeleteAccessEntryCommand,
  DescribeAccessEntryCommand,
  EKSClient,
  ListAccessEntriesCommand,
  ListAssociatedAccessPoliciesCommand,
} from '@aws-sdk/client-eks';
import { NotFound } from '../../../core/errors/errors.ts';
import type { AccessEntry, ClusterAccess } from '../../../ports/cluster/cluster-access.ts';
import { namespace, groups as ourGroups } from '../../kubernetes/names.ts';
import type { Asked } from '../client/errors.ts';
import { ask, askFor, isInUse } from '../client/problems.ts';
import { clientSettings } from '../client/settings.ts';
import { pages } from '../inventory/resource-kind.ts';
import type { AwsAccess } from '../s3/client.ts';

/** Jobs, pods and their logs; no secrets. */
const inNamespace = 'AmazonEKSViewPolicy';
/** Everything that can be seen, nodes included. */
const everywhere = 'AmazonEKSAdminViewPolicy';
const ours = new Set<string>(Object.values(ourGroups));
/** On entries that EnsureCluster made. */
const roleTag = 'gcd-sfn:role-id';

export class EksClusterAccess implements ClusterAccess {
  readonly #eks: EKSClient;

  constructor({ access }: { access: AwsAccess }) {
    this.#eks = new EKSClient(clientSettings(access));
  }

  async list(clusterName: string): Promise<AccessEntry[]> {
    const asked = entryAsked('ListAccessEntries', clusterName, '*');
    const first = await askFor(asked, () => this.#eks.send(new ListAccessEntriesCommand({ clusterName })));
    if (!first) throw noCluster(clusterName);
    const principals = await pages(
      asked,
      (nextToken) => this.#eks.send(new ListAccessEntriesCommand({ clusterName, nextToken })),
      ({ accessEntries, nextToken }) => ({ items: accessEntries, next: nextToken }),
    );
    const entries: AccessEntry[] = [];
    for (const principal of principals) {
      const entry = await this.#find(clusterName, principal);
      if (entry) entries.push(entry);
    }
    return entries;
  }

  async add(clusterName: string, principalArn: string, nodes: boolean): Promise<void> {
    const made = await askFor(entryAsked('CreateAccessEntry', clusterName, principalArn), () =>
      this.#eks
        .send(new CreateAccessEntryCommand({ clusterName, principalArn, tags: { managedBy: 'gcd-sfn' } }))
        .catch((error) => {
          if (!isInUse(error)) throw error;
          return {};
        }),
    );
    if (!made) throw noCluster(clusterName);
    await this.#associate(clusterName, principalArn, inNamespace);
    if (nodes) await this.#associate(clusterName, principalArn, everywhere);
  }

  async remove(clusterName: string, principalArn: string): Promise<boolean> {
    const gone = await askFor(entryAsked('DeleteAccessEntry', clusterName, principalArn), () =>
      this.#eks.send(new DeleteAccessEntryCommand({ clusterName, principalArn })),
    );
    return gone !== undefined;
  }

  async #associate(clusterName: string, principalArn: string, policy: string): Promise<void> {
    const partition = principalArn.split(':')[1];
    const isWhole = policy === everywhere;
    await ask(entryAsked('AssociateAccessPolicy', clusterName, principalArn), () =>
      this.#eks.send(
        new AssociateAccessPolicyCommand({
          ...{ clusterName, principalArn },
          policyArn: `arn:${partition}:eks::aws:cluster-access-policy/${policy}`,
          accessScope: isWhole ? { type: 'cluster' } : { type: 'namespace', namespaces: [namespace] },
        }),
      ),
    );
  }

  async #find(clusterName: string, principalArn: string): Promise<AccessEntry | undefined> {
    const about = { clusterName, principalArn };
    const found = await askFor(entryAsked('DescribeAccessEntry', clusterName, principalArn), () =>
      this.#eks.send(new DescribeAccessEntryCommand(about)),
    );
    if (!found?.accessEntry) return undefined;
    const { kubernetesGroups: groups = [], tags = {}, type = 'STANDARD' } = found.accessEntry;
    const policies = await pages(
      entryAsked('ListAssociatedAccessPolicies', clusterName, principalArn),
      (nextToken) => this.#eks.send(new ListAssociatedAccessPoliciesCommand({ ...about, nextToken })),
      ({ associatedAccessPolicies, nextToken }) => ({ items: associatedAccessPolicies, next: nextToken }),
    );
    return {
      principal: principalArn,
      groups,
      policies: policies.map(({ policyArn = '', accessScope }) => ({
        name: policyArn.slice(policyArn.lastIndexOf('/') + 1),
        namespaces: accessScope?.namespaces ?? [],
      })),
      needed: tags[roleTag] !== undefined || type !== 'STANDARD' || groups.some((one) => ours.has(one)),
    };
  }
}

const noCluster = (name: string) =>
  new NotFound(`there is no cluster ${name}`, { hint: 'gcd-sfn resources shows those that there are.' });

const entryAsked = (verb: string, cluster: string, principal: string): Asked => ({
  action: `eks:${verb}`,
  arn: /Describe|Delete|Associate/.test(verb)
    ? `arn:aws:eks:*:*:access-entry/${cluster}/*`
    : `arn:aws:eks:*:*:cluster/${cluster}`,
  what: principal === '*' ? `entries of cluster ${cluster}` : `entry of ${principal} for cluster ${cluster}`,
});
