/** What EksClusters asks of EKS, and what it makes of what it finds. */

import {
  CreateAccessEntryCommand,
  CreateAddonCommand,
  CreatePodIdentityAssociationCommand,
  DescribeAccessEntryCommand,
  DescribeAddonCommand,
  DescribeClusterCommand,
  EKSClient,
  ListAccessEntriesCommand,
  ListAssociatedAccessPoliciesCommand,
  ListPodIdentityAssociationsCommand,
  TagResourceCommand,
  UpdateAddonCommand,
} from '@aws-sdk/client-eks';
import {
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { EksClusters } from '../../adapters/aws/eks/clusters.ts';
import { statusError } from '../../adapters/kubernetes/errors.ts';
import { type ClusterPart, clusterParts } from '../../core/cluster.ts';
import { NotFound, Unreachable } from '../../core/errors/errors.ts';
import { type EksAccount, eksAccount, makeRole, makeRoles, roleArn } from '../support/moto/eks-account.ts';
import { motoOfFile } from '../support/moto/shared-moto.ts';

let account: EksAccount;
let eks: EKSClient;
motoOfFile(makeRoles);
beforeEach(async () => {
  account = await eksAccount();
  eks = new EKSClient({ region: account.access.region as string });
  const tags = { project: 'p', managedBy: 'gcd-sfn', 'gcd-sfn:run': 'r' };
  await account.clusters.create({ name: 'c', version: '1.34', tags });
});

const clusterName = 'c';
const parts = async () => (await account.clusters.find('c'))?.parts ?? [];
const entry = async (role: string) => {
  const asked = { clusterName, principalArn: roleArn(role) };
  return (await eks.send(new DescribeAccessEntryCommand(asked))).accessEntry;
};
/** Puts parts there, each until it is there. */
async function equip(...wanted: ClusterPart[]): Promise<void> {
  for (const part of wanted) {
    await account.clusters.equip('c', part);
    for (let looks = 0; looks < 3 && !(await parts()).includes(part); looks++);
    expect(await parts()).toContain(part);
  }
}

describe('the identity that all workers shared in version 0.1', () => {
  const share = (serviceAccount: string, tags: Record<string, string>) =>
    eks.send(
      new CreatePodIdentityAssociationCommand({
        ...{ clusterName, namespace: 'gcd', serviceAccount, roleArn: roleArn('pod'), tags },
      }),
    );
  const shared = async () =>
    ((await eks.send(new ListPodIdentityAssociationsCommand({ clusterName }))).associations ?? []).map(
      ({ serviceAccount }) => serviceAccount,
    );

  test('goes when the cluster is used, and those of executions stay', async () => {
    await equip('identity-agent');
    await share('worker', { managedBy: 'gcd-sfn' });
    await share('run-1', { managedBy: 'gcd-sfn' });
    expect(await parts()).not.toContain('identity-agent');
    await equip('identity-agent');
    expect(await shared()).toEqual(['run-1']);
  });

  test('stays as long as a worker of then is there, and keeps no run from beginning', async () => {
    await share('worker', { managedBy: 'gcd-sfn' });
    account.inside.pods.push({ spec: { serviceAccountName: 'worker', containers: [] } });
    await equip('identity-agent');
    expect(await shared()).toEqual(['worker']);
    account.inside.pods.length = 0;
    await equip('identity-agent');
    expect(await shared()).toEqual([]);
  });

  test('is left alone when somebody else has made it', async () => {
    await share('worker', { managedBy: 'somebody' });
    await equip('identity-agent');
    expect(await shared()).toEqual(['worker']);
  });
});

describe('a cluster', () => {
  test('is made as it must be', async () => {
    const { cluster } = await eks.send(new DescribeClusterCommand({ name: 'c' }));
    expect(cluster).toMatchObject({
      version: '1.34',
      roleArn: roleArn('cluster'),
      accessConfig: { authenticationMode: 'API', bootstrapClusterCreatorAdminPermissions: true },
      upgradePolicy: { supportType: 'STANDARD' },
      resourcesVpcConfig: { endpointPublicAccess: true, endpointPrivateAccess: true },
      tags: { project: 'p', managedBy: 'gcd-sfn', 'gcd-sfn:run': 'r', 'gcd-sfn:cluster': 'c' },
    });
    expect(cluster?.resourcesVpcConfig?.subnetIds).toHaveLength(2);
    expect(cluster?.resourcesVpcConfig?.securityGroupIds).toEqual([account.options.apiGroupId]);
  });

  test('that somebody else made is not ours', async () => {
    await account.clusters.create({ name: 'theirs', version: '1.34', tags: { managedBy: 'somebody' } });
    expect(await account.clusters.find('theirs')).toMatchObject({ ours: false });
    const tags = { managedBy: 'gcd-sfn', 'gcd-sfn:stack': 'other' };
    await account.clusters.create({ name: 'others', version: '1.34', tags });
    expect(await account.clusters.find('others')).toMatchObject({ ours: true, stack: 'other' });
  });

  test('that is not there has no parts', async () => {
    await expect(account.clusters.equip('none', 'network')).rejects.toThrow(NotFound);
  });

  test('of the newest version leaves out what is only in extended support', async () => {
    expect(await account.clusters.newestVersion()).toBe('1.35');
  });
});

describe('network', () => {
  const addonName = 'vpc-cni';
  const values = async () => {
    const { addon } = await eks.send(new DescribeAddonCommand({ clusterName, addonName }));
    return JSON.parse(addon?.configurationValues ?? '{}');
  };

  test('has policies enforced, and is there when the add-on is active', async () => {
    expect(await parts()).toEqual([]);
    await account.clusters.equip('c', 'network');
    expect(await parts()).toEqual([]);
    expect(await parts()).toEqual(['network']);
    expect(await values()).toEqual({ enableNetworkPolicy: 'true' });
  });

  test('that somebody has set up otherwise is mended, and the rest of it stays', async () => {
    const configurationValues = JSON.stringify({ env: { A: '1' }, enableNetworkPolicy: 'false' });
    await eks.send(new CreateAddonCommand({ clusterName, addonName, configurationValues }));
    await parts();
    expect(await parts()).toEqual([]);
    await equip('network');
    expect(await values()).toEqual({ env: { A: '1' }, enableNetworkPolicy: 'true' });
    await eks.send(new UpdateAddonCommand({ clusterName, addonName, configurationValues: '{}' }));
    await parts();
    expect(await parts()).toEqual([]);
  });
});

describe('namespace', () => {
  test('is there as long as all its objects are', async () => {
    await equip('namespace');
    expect([...account.inside.applied]).toContain('networkpolicies workers');
    account.inside.applied.delete('networkpolicies workers');
    expect(await parts()).not.toContain('namespace');
    await equip('namespace');
  });

  test('is put there anew when it is that of another version', async () => {
    await equip('namespace');
    const { cluster } = await eks.send(new DescribeClusterCommand({ name: 'c' }));
    const tags = { 'gcd-sfn:namespace': 'another' };
    await eks.send(new TagResourceCommand({ resourceArn: cluster?.arn, tags }));
    expect(await parts()).not.toContain('namespace');
    await equip('namespace');
  });

  test('of a cluster that does not know yet who made it is not there, and cannot be put there', async () => {
    await equip('namespace');
    const refuse = async () => {
      throw statusError(401, 'Unauthorized', { verb: 'get', resource: 'namespaces', what: 'namespace' });
    };
    Object.assign(account.inside.kubernetes, { get: refuse, apply: refuse });
    expect(await parts()).not.toContain('namespace');
    await expect(account.clusters.equip('c', 'namespace')).rejects.toThrow(Unreachable);
  });
});

describe('access', () => {
  test('is an entry for each role, with the group of what it may do', async () => {
    await equip('access');
    expect((await entry('writer'))?.kubernetesGroups).toEqual(['gcd-sfn:writers']);
    expect((await entry('reader'))?.kubernetesGroups).toEqual(['gcd-sfn:readers']);
    expect((await entry('bastion'))?.kubernetesGroups).toEqual(['gcd-sfn:bastion']);
    const asked = { clusterName, principalArn: roleArn('writer') };
    const policies = await eks.send(new ListAssociatedAccessPoliciesCommand(asked));
    expect(policies.associatedAccessPolicies).toEqual([]);
  });

  test('of a role that was made anew is made anew', async () => {
    await equip('access');
    const before = await entry('writer');
    await new IAMClient({}).send(new DeleteRoleCommand({ RoleName: 'writer' }));
    await makeRole('writer');
    expect(await parts()).not.toContain('access');
    await equip('access');
    const after = await entry('writer');
    expect(after?.accessEntryArn).not.toBe(before?.accessEntryArn);
    expect((await entry('reader'))?.accessEntryArn).toBeDefined();
  });

  test('is given to a role that sees to a cluster that another one has made, and to one of the same name', async () => {
    const policies = async () => {
      const asked = { clusterName, principalArn: roleArn('next') };
      const { associatedAccessPolicies = [] } = await eks.send(
        new ListAssociatedAccessPoliciesCommand(asked),
      );
      return associatedAccessPolicies.map(({ policyArn }) => policyArn);
    };
    // What the stack's role may do is held against its policy where the whole stack is deployed.
    const everything = {
      PolicyName: 'everything',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
      }),
    };
    const as = async (role: string) => {
      await makeRole(role);
      const RoleArn = roleArn(role);
      await new IAMClient({}).send(new PutRolePolicyCommand({ RoleName: role, ...everything }));
      const { Credentials } = await new STSClient({}).send(
        new AssumeRoleCommand({ RoleArn, RoleSessionName: 'session' }),
      );
      const access = {
        ...account.access,
        accessKeyId: Credentials?.AccessKeyId ?? '',
        secretAccessKey: Credentials?.SecretAccessKey ?? '',
        sessionToken: Credentials?.SessionToken ?? '',
      };
      return new EksClusters({ ...account.options, access });
    };
    await equip('access');
    const next = await as('next');
    expect((await next.find('c'))?.parts).not.toContain('access');
    await next.equip('c', 'access');
    expect((await next.find('c'))?.parts).toContain('access');
    expect(await policies()).toEqual(['arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy']);
    const before = await entry('next');
    const { PolicyName } = everything;
    await new IAMClient({}).send(new DeleteRolePolicyCommand({ RoleName: 'next', PolicyName }));
    await new IAMClient({}).send(new DeleteRoleCommand({ RoleName: 'next' }));
    const anew = await as('next');
    await anew.equip('c', 'access');
    expect((await entry('next'))?.accessEntryArn).not.toBe(before?.accessEntryArn);
    expect(await policies()).toHaveLength(1);
  });

  test('says which role is not there', async () => {
    const people = { writers: [roleArn('nobody')], readers: [], bastion: null };
    const clusters = new EksClusters({ ...account.options, people });
    await expect(clusters.equip('c', 'access')).rejects.toThrow('there is no role nobody');
  });

  test('of who made the cluster stays that of its administrator', async () => {
    const { accessEntries = [] } = await eks.send(new ListAccessEntriesCommand({ clusterName }));
    const [creator = ''] = accessEntries;
    await eks.send(
      new CreateAccessEntryCommand({
        clusterName,
        principalArn: roleArn('reader'),
        kubernetesGroups: ['theirs'],
      }),
    );
    const before = await entry('reader');
    await equip('access');
    const after = await entry('reader');
    expect(after?.accessEntryArn).toBe(before?.accessEntryArn);
    expect(after?.kubernetesGroups).toEqual(['theirs', 'gcd-sfn:readers']);
    const asked = { clusterName, principalArn: creator };
    const { associatedAccessPolicies = [] } = await eks.send(new ListAssociatedAccessPoliciesCommand(asked));
    expect(associatedAccessPolicies[0]?.policyArn).toContain('AmazonEKSClusterAdminPolicy');
  });
});

test('all parts together are those that a cluster has', async () => {
  await equip(...clusterParts);
  expect(await parts()).toEqual([...clusterParts]);
});
