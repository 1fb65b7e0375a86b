/** The suites of a cluster, on a real API server with a real kubelet. test/contract/kubernetes.test.ts plays them on the stand-in. */
import { groups } from '../../adapters/kubernetes/names.ts';
import { namespaceSuite } from '../contract/suites/cluster-namespace.ts';
import { podsSuite } from '../contract/suites/cluster-pods.ts';
import { reservationsSuite } from '../contract/suites/reservations.ts';
import { patience, reservationsOf, useCluster } from './real-cluster.ts';

const make = useCluster();

reservationsSuite('real Kubernetes', async () => reservationsOf(await make(), groups.writers), patience);
namespaceSuite('real Kubernetes', make);
podsSuite('real Kubernetes', async () => {
  const cluster = await make();
  return (group) => reservationsOf(cluster, group);
});
