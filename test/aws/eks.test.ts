/** The contracts of clusters and nodegroups on EKS, and of bastions on EC2. */
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { bastionsSuite } from '../contract/suites/bastions.ts';
import { clustersSuite } from '../contract/suites/clusters.ts';
import { nodegroupsSuite } from '../contract/suites/nodegroups.ts';
import { until } from '../contract/suites/until.ts';
import { type EksAccount, eksAccount, makeRoles } from '../support/eks-account.ts';
import { Moto } from '../support/moto.ts';

let moto: Moto;
let account: EksAccount;
beforeAll(async () => {
  moto = await Moto.start();
  Object.assign(process.env, moto.env);
  await makeRoles();
});
beforeEach(async () => {
  account = await eksAccount();
});
afterAll(() => moto?.stop());

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
