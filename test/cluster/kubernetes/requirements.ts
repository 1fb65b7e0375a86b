/** Programs of the distribution that the cluster needs. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './host.ts';

/** The Debian package of each program. */
const packages: Record<string, string> = {
  containerd: 'containerd',
  ctr: 'containerd',
  runc: 'runc',
  iptables: 'iptables',
  ip: 'iproute2',
  openssl: 'openssl',
  umount: 'mount',
  '/usr/lib/cni/bridge': 'containernetworking-plugins',
};

/**
 * Installs what is missing on Debian and its kin.
 * @throws an error whose message says what to install
 */
export async function installRequirements(): Promise<void> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    throw new Error('a cluster of its own needs Linux and root; or set $KUBECONFIG to one that you have');
  const missing = () => [
    ...new Set(
      Object.entries(packages)
        .filter(([program]) => !isThere(program))
        .map(([, name]) => name),
    ),
  ];
  const wanted = missing();
  if (wanted.length === 0) return;
  console.error(`installing ${wanted.join(', ')}`);
  const apt = (...args: string[]) =>
    run('apt-get', args, { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  try {
    const install = ['install', '--yes', '--quiet', '--no-install-recommends', ...wanted];
    await apt(...install).catch(async () => {
      // The list of packages may be old or empty.
      await apt('update');
      await apt(...install);
    });
  } catch {
    throw new Error(`install ${wanted.join(', ')}: they are missing, and apt-get could not install them`);
  }
  if (missing().length > 0)
    throw new Error(`install ${missing().join(', ')}: apt-get did, but they are not in PATH`);
}

const isThere = (program: string): boolean =>
  program.startsWith('/')
    ? existsSync(program)
    : (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
