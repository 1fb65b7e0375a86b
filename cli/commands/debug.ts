/** `gcd-sfn debug`: SSH access to a bastion with kubectl. */

import type { Command } from 'commander';
import { defaultDebugSeconds } from '../../core/bastion.ts';
import { systemClock } from '../../core/system-clock.ts';
import { bastionName } from '../../core/target.ts';
import { openAccount, openInventory, requireStack } from '../aws/account.ts';
import { callerAddress } from '../aws/debug/caller-address.ts';
import {
  type DebugPorts,
  endDebugSession,
  keepSessionAlive,
  type ReadyBastion,
  startDebugSession,
} from '../aws/debug/debug-session.ts';
import { keepHostKey, sshCommand } from '../aws/debug/known-hosts.ts';
import { sshKey } from '../aws/debug/ssh-key.ts';
import { type StackOptions, stackOptions } from '../aws/options.ts';
import { resolveCluster } from '../aws/resolve-cluster.ts';
import { untilInterrupted } from '../follow/until-interrupted.ts';
import { duration } from '../options.ts';
import { isInteractive } from '../terminal/output.ts';

interface DebugOptions extends StackOptions {
  cluster?: string;
  address?: string;
  for?: number;
  off?: boolean;
  json?: boolean;
}

const pause = 5000;
/** The lease is renewed after a quarter of it, but at least every 600 seconds. */
const renewal = { part: 4, maxSeconds: 600 };

const examples = `
Examples:
  $ gcd-sfn debug                            start the bastion, open port 22 for your address, print how to connect
  $ gcd-sfn debug --cluster gcd-cluster --address 198.51.100.7
  $ gcd-sfn debug --json --for 8h            return at once; access ends after eight hours
  $ gcd-sfn debug --off                      close port 22 for everybody, and stop the bastion

On a terminal the command waits for Ctrl-C, and then closes what it opened; otherwise, and with --json, --off does that.
Access has a lease of two hours, or of --for, which the waiting command renews. When the lease expires, the stack closes
port 22 and stops the bastion within five minutes, and your key no longer works.
On the bastion kubectl is ready: kubectl get pods -n gcd. https://checkip.amazonaws.com returns your address; a network may
have up to 256 addresses. Your key is created once, as ~/.ssh/gcd-YOUR-NAME.pem; EC2 gets only the public key. The bastion's
host key comes through Systems Manager into ~/.ssh/gcd-sfn.known_hosts, so ssh connects to no other machine. Session Manager
needs neither key nor open port, but its plugin for the AWS CLI. The command gives up, and closes the port, when the
bastion is not running after 15 minutes, or does not answer for 5. A bastion costs about a cent an hour; runs do not stop
it while you debug.
Exit code: 0 done, 2 wrong use, 3 no such cluster, or AWS refused or failed, 130 Ctrl-C before the bastion was ready.`;

export function define(command: Command): void {
  stackOptions(command)
    .option('-c, --cluster <name>', 'the cluster; default: the only one')
    .option('--address <address>', 'your public address; default: found by asking AWS')
    .option('--for <time>', 'length of the lease, from 10m to 24h; default: 2h', duration('10m', '24h'))
    .option('--off', 'close port 22 for everybody, and stop the bastion')
    .option('--json', 'print how to connect as JSON, and return')
    .option('--no-color', 'disable colors; same as NO_COLOR=1')
    .addHelpText('after', examples)
    .action((options: DebugOptions) => debug(options));
}

async function debug(options: DebugOptions): Promise<void> {
  const address = options.off ? '' : await callerAddress(options.address);
  const account = await openAccount(options);
  const { access, region, stack } = account;
  const parts = await requireStack(account);
  const cluster = await resolveCluster(await openInventory(account, parts), options.cluster);
  const [{ Ec2Bastions }, { Ec2Debugging, sshUser }, { MachineCommands }, { Ec2SshIngress }, { iamName }] =
    await Promise.all([
      import('../../adapters/aws/ec2/bastions.ts'),
      import('../../adapters/aws/ec2/debugging.ts'),
      import('../../adapters/aws/ec2/run-command.ts'),
      import('../../adapters/aws/ec2/ssh-ingress.ts'),
      import('../../adapters/aws/client/caller.ts'),
    ]);
  const { sshOnlyGroupId: securityGroupId, bastionProfileArn: profileArn, subnetIds } = parts;
  const ports: DebugPorts = {
    bastions: new Ec2Bastions({ access, subnetId: subnetIds[0] ?? '', securityGroupId, profileArn }),
    debugging: new Ec2Debugging({ access, stack, commands: new MachineCommands({ access }) }),
    sshIngress: new Ec2SshIngress({ access, securityGroupId }),
    clock: systemClock,
  };
  const bastion = bastionName(cluster);
  const print = (line: string) => console.error(line);
  const end = async (publicKey: string | null) => {
    const ended = await endDebugSession(ports, { bastion, address: options.off ? null : address, publicKey });
    const { closed, stillOpen, isKeyRemoved } = ended;
    print(`port 22 is closed${closed.length > 0 ? ` for ${closed.join(', ')}` : ''}`);
    if (!isKeyRemoved)
      print(
        `cannot remove ${publicKey ? 'your key' : 'the keys'} from the bastion: it expires with the lease`,
      );
    if (stillOpen.length === 0) print('the bastion is stopped');
    else
      print(
        `it is open for ${stillOpen.join(', ')}, so the bastion keeps running; gcd-sfn debug --off stops it`,
      );
    return ended;
  };
  if (options.off) {
    const ended = await end(null);
    const { closed, stillOpen, isKeyRemoved: isKeyOut } = ended;
    if (options.json) console.log(JSON.stringify({ cluster, bastion, closed, stillOpen, isKeyOut }));
    return;
  }

  const toMachine = async (machine: ReadyBastion, keyPath: string) =>
    sshCommand({ ...machine, user: sshUser, keyPath, knownHosts: keepHostKey(machine.id, machine.hostKey) });
  await untilInterrupted(async (signal) => {
    const key = sshKey(iamName(account.arn));
    const tags = { managedBy: 'gcd-sfn', 'gcd-sfn:stack': stack };
    const seconds = options.for ?? defaultDebugSeconds;
    const request = { bastion, cluster, tags, key, address, seconds, print, pause, signal };
    const machine = await startDebugSession(ports, request);
    const ssh = await toMachine(machine, key.path).catch(async (error) => {
      await end(key.publicKey);
      throw error;
    });
    const session = `aws ssm start-session --region ${region} --target ${machine.id}`;
    const until = new Date(machine.until * 1000).toISOString();
    if (options.json) console.log(JSON.stringify({ cluster, bastion, ...machine, until, ssh, session }));
    else {
      console.log(ssh);
      console.log(session);
      print(`port 22 is open for ${address}; on the bastion: kubectl get pods -n gcd`);
    }
    if (options.json || !isInteractive()) {
      print(`gcd-sfn debug --off closes it again; otherwise it closes at ${until}`);
      return;
    }
    print('Ctrl-C closes it again, and stops the bastion');
    const every = Math.min(seconds / renewal.part, renewal.maxSeconds) * 1000;
    await keepSessionAlive(ports, { ...request, machine, pause: every });
    await end(key.publicKey);
  });
}
