/**
 * Builds the programs of a Kubernetes cluster for `npm run test:cluster` from Go's registry into the user's cache folder, once.
 * `node scripts/kubernetes.ts` prints their folder. Without Go, or without its registry: one line, exit code 3.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { defaultCache } from '../adapters/local/environments/cache/environment-cache.ts';

const run = promisify(execFile);

/** As in go.mod. EKS offers it, and it is the newest whose kubelet runs under cgroup v1 without being asked twice. */
export const kubernetesVersion = '1.34.4';
const names = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl', 'kubelet'];

const sources = fileURLToPath(new URL('../test/cluster/programs', import.meta.url));
const cache = join(dirname(defaultCache(process.env)), 'cluster');

/** The folder with the programs, and `pause`, when they are built. */
export const programs = join(cache, `${kubernetesVersion}-${digestOf(sources)}`);

/** Builds the programs unless they exist. @throws when Go or its registry is missing */
export async function buildKubernetes(): Promise<void> {
  if (existsSync(programs)) return;
  await run('go', ['version']).catch(() => {
    throw new Error('go is not installed; install Go 1.24 or newer (https://go.dev/dl/)');
  });
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(`${programs}.building-`);
  try {
    console.error(`building Kubernetes ${kubernetesVersion} in ${folder}, once: some 5 minutes on two cores`);
    const env = {
      // Some 5 GB that nothing needs afterwards, unless the caller has caches of their own.
      ...{ GOMODCACHE: join(folder, 'modules'), GOCACHE: join(folder, 'cache') },
      ...process.env,
      ...{ GOFLAGS: '-modcacherw -buildvcs=false', CGO_ENABLED: '0' },
    };
    const built = join(folder, 'programs');
    await mkdir(built);
    const go = (output: string, flags: string, what: string) =>
      run('go', ['build', '-trimpath', '-ldflags', `-s -w ${flags}`, '-o', join(built, output), what], {
        ...{ cwd: sources, env },
      });
    await go('pause', '', './pause');
    await go('kubernetes', versionFlags(), '.');
    for (const name of names) await symlink('kubernetes', join(built, name));
    await rename(built, programs).catch((error) => {
      // Another suite that began at the same time was faster.
      if (!existsSync(programs)) throw error;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the programs say of their version; without it they call themselves v0.0.0, which clients refuse. */
function versionFlags(): string {
  const [major, minor] = kubernetesVersion.split('.');
  const base = 'k8s.io/component-base/version';
  const values = {
    [`${base}.gitVersion`]: `v${kubernetesVersion}`,
    [`${base}.gitMajor`]: major,
    [`${base}.gitMinor`]: minor,
    'k8s.io/client-go/pkg/version.gitVersion': `v${kubernetesVersion}`,
  };
  return Object.entries(values)
    .map(([name, value]) => `-X ${name}=${value}`)
    .join(' ');
}

function digestOf(folder: string): string {
  const hash = createHash('sha256');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  for (const file of files.filter((one) => /\.(go|mod|sum)$/.test(one)))
    hash.update(`${file}\n`).update(readFileSync(join(folder, file)));
  return hash.digest('hex').slice(0, 8);
}

async function main(): Promise<void> {
  try {
    await buildKubernetes();
    console.log(programs);
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    const [reason] = (stderr || message).trim().split('\n').slice(-1);
    console.error(`Kubernetes cannot be built: ${reason}`);
    process.exitCode = 3;
  }
}

// Without `await`: Jest's global setup requires this file, which a top-level `await` forbids.
if (import.meta.main) void main();
