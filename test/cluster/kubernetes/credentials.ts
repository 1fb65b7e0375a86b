/** Users of the cluster's own programs, and the key of service accounts' tokens. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { at, kubeconfigOf, server } from './settings.ts';

export const tokenFile = at('credentials', 'tokens.csv');
export const serviceAccountKey = at('credentials', 'service-accounts.key');
/** Folder of the API server's own certificate, which it creates itself and which is its own authority. */
export const certificates = at('credentials', 'api-server');
export const authority = at('credentials', 'api-server', 'apiserver.crt');

/** @param nodes names of the nodes that there may be */
export function createCredentials(nodes: string[]): void {
  mkdirSync(certificates, { recursive: true, mode: 0o700 });
  execFileSync('openssl', ['genrsa', '-out', serviceAccountKey, '2048'], { stdio: 'ignore' });
  const users: [file: string, user: string, groups: string][] = [
    ['admin', 'admin', 'system:masters'],
    ['controller-manager', 'system:kube-controller-manager', ''],
    ['scheduler', 'system:kube-scheduler', ''],
    ...nodes.map((node): [string, string, string] => [node, `system:node:${node}`, 'system:nodes']),
  ];
  const lines = users.map(([file, user, groups]) => {
    const token = randomBytes(16).toString('hex');
    writeFileSync(kubeconfigOf(file), kubeconfig(token), { mode: 0o600 });
    return `${token},${user},${file},"${groups}"`;
  });
  writeFileSync(tokenFile, `${lines.join('\n')}\n`, { mode: 0o600 });
}

/** JSON is YAML. */
const kubeconfig = (token: string) =>
  JSON.stringify({
    ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'test' },
    clusters: [{ name: 'test', cluster: { server, 'certificate-authority': authority } }],
    users: [{ name: 'test', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
  });
