/** The contracts of clusters and nodegroups on EKS, and of bastions on EC2. */
import {
  CreatePodIdentityAssociationCommand,
  DescribePodIdentityAssociationCommand,
  EKSClient,
  ListPodIdentityAssociationsCommand,
} from '@aws-sdk/client-eks';
import { beforeEach, expect, test } from '@jest/globals';
import { EksIdentities } from '../../adapters/aws/eks/identities.ts';
import { bastionsSuite } from '../contract/suites/bastions.ts';
import { clustersSuite } from '../contract/suites/clusters.ts';
import { identitiesSuite, identityWanted } from '../contract/suites/identities.ts';
import { nodegroupsSuite } from '../contract/suites/nodegroups.ts';
import { until } from '../contract/suites/poll-until.ts';
import { type EksAccount, eksAccount, makeRoles, roleArn } from '../support/moto/eks-account.ts';
import { motoOfFile } from '../support/moto/shared-moto.ts';

let account: EksAccount;
motoOfFile(makeRoles);
beforeEach(async () => {
  account = await eksAccount();
});

clustersSuite('EKS', () => account);
nodegroupsSuite('EKS', async () => {
  const { clusters, nodegroups } = account;
  await clusters.create({ name: 'c', version: '1.34', tags: {} });
  await until(
    () => clusters.find('c'),
    (seen) => seen?.status === 'active',
  );
  return nodegroups;
});
bastionsSuite('EC2', () => account.bastions);

const identities = async () => {
  const { clusters, access } = account;
  await clusters.create({ name: 'c', version: '1.34', tags: {} });
  const place = { podRoleArn: roleArn('pod'), bucket: 'b', stack: 's', mayMore: false };
  return new EksIdentities({ access, ...place, region: access.region ?? '' });
};
identitiesSuite('EKS', identities);

test('an identity is the role of the pods within the bounds of its run; others of the namespace are left alone', async () => {
  const all = await identities();
  const eks = new EKSClient({ region: account.access.region as string });
  await all.give(identityWanted('r-1'));
  const there = { clusterName: 'c', namespace: 'gcd' };
  const { associations = [] } = await eks.send(
    new ListPodIdentityAssociationsCommand({ ...there, serviceAccount: 'r-1' }),
  );
  const { association } = await eks.send(
    new DescribePodIdentityAssociationCommand({
      clusterName: 'c',
      associationId: associations[0]?.associationId,
    }),
  );
  expect(association).toMatchObject({
    ...{ roleArn: roleArn('pod'), disableSessionTags: true },
    tags: { managedBy: 'gcd-sfn', 'gcd-sfn:stack': 's', 'gcd-sfn:execution': 'r-1' },
  });
  expect(association?.policy).toContain('arn:aws:s3:::b/runs/r/*');
  await eks.send(
    new CreatePodIdentityAssociationCommand({ ...there, serviceAccount: 'theirs', roleArn: roleArn('pod') }),
  );
  await all.take('c', 'theirs');
  expect(await all.list('c')).toEqual(['r-1', 'theirs']);
});
