/** A cluster of this machine starts, also after one whose process was killed, and leaves nothing. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from '@jest/globals';
import { programs } from '../../scripts/kubernetes.ts';
import { packageRoot } from '../support/cli/project.ts';
import { mountsBelow } from './kubernetes/host.ts';
import { at, home, kubeconfigOf } from './kubernetes/settings.ts';

const output = (command: string, ...args: string[]) => execFileSync(command, args, { encoding: 'utf8' });

/** What the cluster could leave on this machine. */
function traces() {
  const settings = ['vm/overcommit_memory', 'vm/panic_on_oom', 'kernel/panic', 'kernel/panic_on_oops'];
  const networks = ['net/ipv4/ip_forward', 'kernel/keys/root_maxkeys', 'kernel/keys/root_maxbytes'];
  const listed = (folder: string) => (existsSync(folder) ? readdirSync(folder).sort() : []);
  return {
    home: existsSync(home),
    mounts: mountsBelow(home),
    links: listed('/sys/class/net'),
    namespaces: [...listed('/run/netns'), ...listed('/var/run/netns')],
    // Without the counters and the time.
    firewall: output('iptables-save')
      .split('\n')
      .filter((line) => !/^[#:]/.test(line)),
    routes: output('ip', 'route', 'show', 'table', 'all').split('\n').sort(),
    kernel: [...settings, ...networks].map((one) => readFileSync(join('/proc/sys', one), 'utf8').trim()),
    cgroups: output('find', '/sys/fs/cgroup', '-maxdepth', '2', '-name', 'kubepods*'),
    processes: commandLines().filter((line) => line.includes(home) || line.includes(programs)),
    folders: [
      '/run',
      '/var/lib',
      '/var/log',
      '/var/log/pods',
      '/var/log/containers',
      '/var/lib/kubelet',
      '/etc/cni',
    ].map(listed),
  };
}

const commandLines = () =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(join('/proc', pid, 'cmdline'), 'utf8');
      } catch {
        return '';
      }
    });

/** Starts a cluster in a process of its own; returns when it is up. */
async function started() {
  const child = spawn(process.execPath, [join(packageRoot, 'test/cluster/main.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout);
  const [line] = (await Promise.race([once(lines, 'line'), once(child, 'exit')])) as [string | number];
  expect(line).toMatch(/^export KUBECONFIG=/);
  return child;
}

const nodes = () =>
  output(join(programs, 'kubectl'), '--kubeconfig', kubeconfigOf('admin'), 'get', 'nodes', '--output=name');

// With `$KUBECONFIG`, the suite starts no cluster.
const ours = process.env.KUBECONFIG ? test.skip : test;

ours(
  'a cluster removes what a killed process left, and is removed without a trace',
  async () => {
    const before = traces();
    expect(before).toMatchObject({ home: false, processes: [] });
    const killed = await started();
    expect(nodes()).toBe('node/node-0\n');
    const [etcd] = readFileSync(at('processes', 'etcd'), 'utf8').split(' ');
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    const second = await started();
    expect(nodes()).toBe('node/node-0\n');
    expect(existsSync(`/proc/${etcd}/exe`)).toBe(false);
    // A third, while the second is up.
    const third = spawn(process.execPath, [join(packageRoot, 'test/cluster/main.ts')], { stdio: 'pipe' });
    const said = third.stderr.setEncoding('utf8').toArray();
    expect(await once(third, 'exit')).toEqual([3, null]);
    expect((await said).join('')).toContain(`process ${second.pid} has a cluster on this machine`);
    expect(nodes()).toBe('node/node-0\n');
    second.kill('SIGTERM');
    expect(await once(second, 'exit')).toEqual([0, null]);
    expect(traces()).toEqual(before);
  },
  30 * 60_000,
);
