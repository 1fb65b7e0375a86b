/** `node test/cluster/main.ts`: a cluster to play with, until Ctrl-C. It prints the line that a shell needs. */
import { removeCluster, startCluster } from './kubernetes/cluster.ts';

const { promise: told, resolve } = Promise.withResolvers<void>();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());

try {
  const kubeconfig = await startCluster({ nodegroup: 'g', instance: 'i-00000000000000001' });
  console.log(`export KUBECONFIG=${kubeconfig}   # until Ctrl-C`);
  const awake = setInterval(() => undefined, 60_000);
  await told;
  clearInterval(awake);
  await removeCluster();
} catch (error) {
  console.error(`there is no cluster: ${(error as Error).message}`);
  process.exitCode = 3;
}
