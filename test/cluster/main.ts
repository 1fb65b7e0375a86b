/** `node test/cluster/main.ts`: a cluster to play with, until Ctrl-C. */
import { removeCluster, startCluster } from './kubernetes/cluster.ts';

const begun = performance.now();
const kubeconfig = await startCluster({ nodegroup: 'g', instance: 'i-00000000000000001' });
console.log(
  `export KUBECONFIG=${kubeconfig}   # up in ${((performance.now() - begun) / 1000).toFixed(1)} s; Ctrl-C removes it`,
);
const { promise: told, resolve } = Promise.withResolvers<void>();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
const awake = setInterval(() => undefined, 60_000);
await told;
clearInterval(awake);
await removeCluster();
