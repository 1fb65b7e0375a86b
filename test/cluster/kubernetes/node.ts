/** A node: containerd with runc, and a kubelet. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { label } from '../../../adapters/kubernetes/names.ts';
import { programs } from '../../../scripts/kubernetes.ts';
import { flags, kubectl } from './control-plane.ts';
import { run } from './host.ts';
import { pauseArchive, stubArchive } from './images.ts';
import { endProcess, startProcess, waitFor } from './processes.ts';
import { address, at, bridge, kubeconfigOf, pauseImage, socket, subnet } from './settings.ts';

export const nodeName = 'node-0';
const ctr = (...args: string[]) => run('ctr', ['--address', socket, '--namespace', 'k8s.io', ...args]);

export interface NodeOptions {
  /** Label of the node: the nodegroup that it belongs to. */
  nodegroup: string;
  /** Id of the EC2 instance that it plays. */
  instance: string;
}

/** Starts containerd, and loads the images that pods need. */
export async function startContainerd(): Promise<void> {
  for (const folder of ['containerd', 'cni', 'images']) mkdirSync(at(folder), { recursive: true });
  writeFileSync(at('containerd', 'config.toml'), containerdConfig());
  writeFileSync(at('cni', '10-bridge.conflist'), JSON.stringify(podNetwork));
  startProcess('containerd', 'containerd', ['--config', at('containerd', 'config.toml')]);
  const archives = { [at('images', 'pause.tar')]: pauseArchive, [at('images', 'stub.tar')]: stubArchive };
  await Promise.all(Object.entries(archives).map(([file, create]) => create(file)));
  await waitFor('containerd', 'containerd', 20, () => ctr('version'));
  for (const file of Object.keys(archives)) await importImage(file);
}

/** Loads an image from an archive, as `docker save` writes it. */
export async function importImage(archive: string): Promise<void> {
  await ctr('images', 'import', archive);
}

export async function startNode({ nodegroup, instance }: NodeOptions): Promise<void> {
  writeFileSync(at('kubelet.json'), JSON.stringify(kubeletConfig()));
  mkdirSync(at('kubelet'), { recursive: true });
  startProcess(
    'kubelet',
    join(programs, 'kubelet'),
    flags({
      ...{ config: at('kubelet.json'), kubeconfig: kubeconfigOf(nodeName) },
      ...{ 'hostname-override': nodeName, 'node-ip': address, 'root-dir': at('kubelet') },
      'cert-dir': at('kubelet', 'pki'),
      'provider-id': `aws:///us-east-1a/${instance}`,
      'node-labels': `${label.nodegroup}=${nodegroup}`,
    }),
  );
  const ready = 'jsonpath={.status.conditions[?(@.type=="Ready")].status}';
  await waitFor(`node ${nodeName}`, 'kubelet', 60, async () =>
    (await kubectl('get', 'node', nodeName, '--output', ready)).includes('True'),
  );
}

/** Ends the kubelet, all containers and containerd. */
export async function endNode(): Promise<void> {
  await endProcess('kubelet');
  const tasks = await ctr('tasks', 'list', '--quiet').catch(() => ({ stdout: '' }));
  const ids = tasks.stdout.split('\n').filter(Boolean);
  // Kills the containers, and so ends their shims.
  if (ids.length > 0) await ctr('tasks', 'delete', '--force', ...ids).catch(() => undefined);
  await endProcess('containerd', 'SIGTERM');
}

/** In TOML, keys after a table's name belong to this table. */
const containerdConfig = () => `version = 2
root = "${at('containerd', 'root')}"
state = "${at('containerd', 'state')}"
disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs"]
[grpc]
  address = "${socket}"
[plugins."io.containerd.internal.v1.opt"]
  path = "${at('containerd', 'opt')}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pauseImage}"
  # Without CAP_SYS_RESOURCE, as in a container, a score cannot be lowered.
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${at('cni')}"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
`;

const podNetwork = {
  ...{ cniVersion: '0.4.0', name: 'pods' },
  plugins: [
    {
      ...{ type: 'bridge', bridge, isGateway: true, ipMasq: false },
      ipam: {
        ...{ type: 'host-local', dataDir: at('addresses'), routes: [{ dst: '0.0.0.0/0' }] },
        ranges: [[{ subnet }]],
      },
    },
  ],
};

const kubeletConfig = () => ({
  ...{ apiVersion: 'kubelet.config.k8s.io/v1beta1', kind: 'KubeletConfiguration' },
  ...{ address, healthzPort: 0 },
  authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
  authorization: { mode: 'AlwaysAllow' },
  containerRuntimeEndpoint: `unix://${socket}`,
  ...{ cgroupDriver: 'cgroupfs', failCgroupV1: false, makeIPTablesUtilChains: false },
  ...{ podLogsDir: at('pod-logs'), volumePluginDir: at('volume-plugins') },
  // A small disk is no reason to delete the images of the tests.
  imageGCHighThresholdPercent: 100,
  evictionHard: { 'memory.available': '100Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
  // Swap is the machine's business.
  failSwapOn: false,
});
