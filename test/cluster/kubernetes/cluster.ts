/** Starts and removes the cluster of this machine. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { buildKubernetes } from '../../../scripts/kubernetes.ts';
import { startControllers, startServers, waitForServiceAccounts } from './control-plane.ts';
import { createCredentials } from './credentials.ts';
import { prepareHost, restoreHost } from './host.ts';
import { endNode, type NodeOptions, nodeName, startContainerd, startNode } from './node.ts';
import { endProcess, processNames, startOf } from './processes.ts';
import { installRequirements } from './requirements.ts';
import { at, home, kubeconfigOf } from './settings.ts';

/**
 * Starts etcd, the control plane, containerd and one node; before, builds and installs what is missing, and removes what a
 * killed process left.
 * @returns path of the administrator's kubeconfig
 * @throws when another process has the cluster, or a program does not start
 */
export async function startCluster(node: NodeOptions): Promise<string> {
  await installRequirements();
  await buildKubernetes();
  const owner = runningOwner();
  if (owner !== undefined) throw new Error(`process ${owner} has a cluster on this machine; end it first`);
  await removeCluster();
  mkdirSync(home, { recursive: true, mode: 0o755 });
  writeFileSync(at('owner'), `${process.pid} ${startOf(process.pid)}`);
  try {
    await prepareHost();
    createCredentials([nodeName]);
    startServers();
    await Promise.all([startContainerd(), startControllers()]);
    await Promise.all([startNode(node), waitForServiceAccounts()]);
  } catch (error) {
    await removeCluster();
    throw error;
  }
  return kubeconfigOf('admin');
}

/** Ends all processes of the cluster and deletes all that it wrote, whoever started it. Nothing to do is no error. */
export async function removeCluster(): Promise<void> {
  await endNode();
  // Nothing in them is worth saving.
  for (const name of processNames()) await endProcess(name);
  await restoreHost();
  rmSync(home, { recursive: true, force: true });
}

/** The process that started the cluster and still runs. */
function runningOwner(): number | undefined {
  try {
    const [pid, start] = readFileSync(at('owner'), 'utf8').split(' ');
    return startOf(Number(pid)) === start ? Number(pid) : undefined;
  } catch {
    return undefined;
  }
}
