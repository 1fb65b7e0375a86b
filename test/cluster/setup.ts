/** Starts a cluster for all files of the suite, unless `$KUBECONFIG` names one. */
import { buildKubernetes } from '../../scripts/kubernetes.ts';
import { startCluster } from './kubernetes/cluster.ts';

export default async function setup(): Promise<void> {
  if (process.env.KUBECONFIG) {
    console.log(`the cluster of ${process.env.KUBECONFIG} is used`);
    return;
  }
  await buildKubernetes();
  const begun = performance.now();
  process.env.GCD_TEST_KUBECONFIG = await startCluster({ nodegroup: 'g', instance: 'i-00000000000000001' });
  console.log(`\nthe cluster is up in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
}
