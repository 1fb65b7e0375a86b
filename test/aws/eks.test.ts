/** The contracts of clusters and nodegroups on EKS, and of bastions on EC2. */
import { beforeEach } from '@jest/globals';
import { bastionsSuite } from '../contract/suites/bastions.ts';
import { clustersSuite } from '../contract/suites/clusters.ts';
import { nodegroupsSuite } from '../contract/suites/nodegroups.ts';
import { until } from '../contract/suites/until.ts';
import { type EksAccount, eksAccount, makeRoles } from '../support/eks-account.ts';
import { motoOfFile } from '../support/moto-of-file.ts';

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
