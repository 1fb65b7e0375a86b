/** What the cluster changes on this machine, and how it is put back. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { address, at, bridge, home, subnet } from './settings.ts';

export const run = promisify(execFile);

/** Those that a kubelet sets, and forwarding, which CNI's bridge sets. */
const kernelSettings = [
  ...['vm.overcommit_memory', 'vm.panic_on_oom', 'kernel.panic', 'kernel.panic_on_oops'],
  ...['kernel.keys.root_maxkeys', 'kernel.keys.root_maxbytes', 'net.ipv4.ip_forward'],
];
const fileOf = (setting: string) => join('/proc/sys', ...setting.split('.'));
const kernelFile = () => at('kernel-settings.json');
/** A firewall that drops what is forwarded (Docker's does) would drop what pods send each other. */
const rule = ['FORWARD', '-i', bridge, '-o', bridge, '-j', 'ACCEPT'];

export async function prepareHost(): Promise<void> {
  const before = kernelSettings
    .filter((one) => existsSync(fileOf(one)))
    .map((one) => [one, readFileSync(fileOf(one), 'utf8').trim()]);
  writeFileSync(kernelFile(), JSON.stringify(Object.fromEntries(before)));
  await run('ip', ['link', 'add', bridge, 'type', 'bridge']);
  await run('ip', ['addr', 'add', `${address}/${subnet.split('/')[1]}`, 'dev', bridge]);
  await run('ip', ['link', 'set', bridge, 'up']);
  await run('iptables', ['-w', '-I', ...rule]);
}

/** Also after an incomplete start: what does not exist needs no restoring. */
export async function restoreHost(): Promise<void> {
  for (const mount of mountsBelow(home)) await run('umount', ['-l', mount]);
  for (const controller of readdirSync('/sys/fs/cgroup'))
    removeCgroup(join('/sys/fs/cgroup', controller, 'kubepods'));
  removeCgroup('/sys/fs/cgroup/kubepods');
  const ports = join('/sys/class/net', bridge, 'brif');
  for (const port of existsSync(ports) ? readdirSync(ports) : [])
    await run('ip', ['link', 'del', port]).catch(() => undefined);
  if (existsSync(join('/sys/class/net', bridge))) await run('ip', ['link', 'del', bridge]);
  while (await hasRule()) await run('iptables', ['-w', '-D', ...rule]);
  await run('find', ['/var/log/containers', '-lname', `${home}/*`, '-delete']).catch(() => undefined);
  rmSync('/var/lib/kubelet/device-plugins/kubelet.sock', { force: true });
  if (existsSync(kernelFile()))
    for (const [setting, value] of Object.entries<string>(JSON.parse(readFileSync(kernelFile(), 'utf8'))))
      writeFileSync(fileOf(setting), value);
}

const hasRule = () =>
  run('iptables', ['-w', '-C', ...rule]).then(
    () => true,
    () => false,
  );

/** The deepest first. */
export const mountsBelow = (folder: string): string[] =>
  readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((mount) => mount.startsWith(`${folder}/`))
    .sort()
    .reverse();

function removeCgroup(folder: string): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) removeCgroup(join(folder, entry.name));
  rmdirSync(folder);
}
