/** etcd, the API server, the controller manager and the scheduler. */
import { join } from 'node:path';
import { programs } from '../../../scripts/kubernetes.ts';
import { authority, certificates, serviceAccountKey, tokenFile } from './credentials.ts';
import { run } from './host.ts';
import { startProcess, waitFor } from './processes.ts';
import { address, at, etcdPeerUrl, etcdUrl, kubeconfigOf, serviceSubnet } from './settings.ts';

/** Flags from an object: `{a: 1}` is `--a=1`. */
export const flags = (values: Record<string, string | number | boolean>): string[] =>
  Object.entries(values).map(([name, value]) => `--${name}=${value}`);

/** Runs kubectl as the administrator. Each command has a time limit: a deletion may wait for a finalizer for ever. */
export async function kubectl(...args: string[]): Promise<string> {
  const options = ['--kubeconfig', kubeconfigOf('admin'), '--request-timeout=10s'];
  return (await run(join(programs, 'kubectl'), [...options, ...args], { timeout: 30_000 })).stdout;
}

export function startServers(): void {
  startProcess('etcd', join(programs, 'etcd'), [
    // Nothing in it outlives the tests.
    '--unsafe-no-fsync',
    ...flags({
      'data-dir': at('etcd'),
      'listen-client-urls': etcdUrl,
      'advertise-client-urls': etcdUrl,
      'listen-peer-urls': etcdPeerUrl,
    }),
  ]);
  startProcess(
    'kube-apiserver',
    join(programs, 'kube-apiserver'),
    flags({
      'etcd-servers': etcdUrl,
      ...{ 'bind-address': address, 'advertise-address': address, 'secure-port': 6443 },
      ...{ 'cert-dir': certificates, 'token-auth-file': tokenFile },
      // As on EKS.
      ...{ 'authorization-mode': 'Node,RBAC', 'enable-admission-plugins': 'NodeRestriction' },
      'service-account-issuer': 'https://kubernetes.default.svc',
      'service-account-key-file': serviceAccountKey,
      'service-account-signing-key-file': serviceAccountKey,
      'service-cluster-ip-range': serviceSubnet,
      'kubelet-preferred-address-types': 'InternalIP',
    }),
  );
}

/** Starts the others when the API server answers, and waits until pods can be created. */
export async function startControllers(): Promise<void> {
  await waitFor('the API server', 'kube-apiserver', 90, () => kubectl('get', '--raw', '/readyz'));
  // The defaults, 20 requests per second, are slow for hundreds of pods.
  const pace = { 'kube-api-qps': 500, 'kube-api-burst': 1000, 'leader-elect': false, 'secure-port': 0 };
  startProcess(
    'kube-controller-manager',
    join(programs, 'kube-controller-manager'),
    flags({
      ...pace,
      kubeconfig: kubeconfigOf('controller-manager'),
      'service-account-private-key-file': serviceAccountKey,
      'root-ca-file': authority,
      'use-service-account-credentials': true,
      'flex-volume-plugin-dir': at('volume-plugins'),
    }),
  );
  startProcess(
    'kube-scheduler',
    join(programs, 'kube-scheduler'),
    flags({ ...pace, kubeconfig: kubeconfigOf('scheduler') }),
  );
}

export const waitForServiceAccounts = (): Promise<void> =>
  waitFor('the default service account', 'kube-controller-manager', 60, () =>
    kubectl('--namespace', 'default', 'get', 'serviceaccount', 'default'),
  );
