/** Places and addresses of the cluster of this machine. There is one at a time. */
import { join } from 'node:path';

/** Everything that the cluster writes. Not in /run, which may be small, nor in a folder of the user's: it belongs to root. */
export const home = '/var/tmp/gcd-sfn-cluster';
export const at = (...names: string[]): string => join(home, ...names);

/** The bridge of nodes and pods. Its address is this machine's for both, and that of the API server. */
export const bridge = 'gcdsfn0';
export const subnet = '10.213.88.0/24';
export const address = '10.213.88.1';
export const server = `https://${address}:6443`;

/** Not etcd's own ports, which may be in use. */
export const etcdUrl = 'http://127.0.0.1:23790';
export const etcdPeerUrl = 'http://127.0.0.1:23800';
/** Addresses of Services, of which nothing here makes use. */
export const serviceSubnet = '10.213.89.0/24';

export const kubeconfigOf = (who: string): string => at('credentials', `${who}.kubeconfig`);
export const socket = at('containerd', 'containerd.sock');
export const pauseImage = 'gcd-sfn.test/pause:1';
/** What pods run that need no project: an agent that is ready at once and does nothing. */
export const stubImage = 'gcd-sfn.test/stub:1';
