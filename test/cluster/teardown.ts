import { removeCluster } from './kubernetes/cluster.ts';

export default async function teardown(): Promise<void> {
  if (process.env.GCD_TEST_KUBECONFIG) await removeCluster();
}
