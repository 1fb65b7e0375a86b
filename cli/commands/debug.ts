/** `gcd-sfn debug`: a machine beside the cluster, with kubectl, for as long as somebody looks. */
import type { Command } from 'commander';
import { systemClock } from '../../adapters/local/clock.ts';
import { bastionName } from '../../core/target.ts';
import { debugSeconds } from '../../ports/cluster/bastions.ts';
import { accountOf, inventoryOf, neededStack } from '../aws/account.ts';
import { callerAddress } from '../aws/caller-address.ts';
import {
  beginDebug,
  type DebugPorts,
  endDebug,
  type ReadyMachine,
  stayAttached,
} from '../aws/debug-session.ts';
import { keepHostKey, sshCommand } from '../aws/known-hosts.ts';
import { type CloudOptions, cloudOptions } from '../aws/options.ts';
import { sshKey } from '../aws/ssh-key.ts';
import { whichCluster } from '../aws/which-cluster.ts';
import { untilInterrupted } from '../follow/until-interrupted.ts';
import { duration } from '../parse.ts';
import { isInteractive } from '../view/interactive.ts';

interface DebugOptions extends CloudOptions {
  cluster?: string;
  address?: string;
  for?: number;
  off?: boolean;
  json?: boolean;
}

const pause = 5000;
/** Of a lease that goes on while somebody stays: a quarter of it, but seconds at most. */
const renewal = { part: 4, most: 600 };

const examples = `
Examples:
  $ gcd-sfn debug                            starts the bastion, opens port 22 for your address, says how to get there
  $ gcd-sfn debug --cluster gcd-cluster --address 198.51.100.7
  $ gcd-sfn debug --json --for 8h            does not stay: it ends in eight hours
  $ gcd-sfn debug --off                      closes port 22 for everybody, and stops the bastion

On a terminal it stays until Ctrl-C, and then closes what it opened; without one, or with --json, --off does that. If
neither comes, because your machine has died, it ends by itself two hours after it was last heard of, or what --for
says: the stack closes port 22 and stops the bastion within five minutes, and your key is of no use there any more.
While it stays, it goes on.
There, kubectl is ready: kubectl get pods -n gcd. Your address is asked from https://checkip.amazonaws.com; a network has
up to 256 addresses. The key is made here once, as ~/.ssh/gcd-YOUR-NAME.pem; EC2 gets its public half only. The bastion's
own key comes by Systems Manager into ~/.ssh/gcd-sfn.known_hosts: ssh speaks to no other machine. Session Manager needs
neither key nor open port, but its plugin for the AWS CLI. A machine that is not ready in 15 minutes, or does not answer
for 5, is given up, and the port closed. The bastion costs about a cent an hour; runs do not stop it while you debug.
Exit code: 0 done, 2 wrong use, 3 no such cluster, or AWS refused or failed, 130 Ctrl-C before the machine was ready.`;

export function define(command: Command): void {
  cloudOptions(command)
    .option('-c, --cluster <name>', 'the cluster; default: the only one that there is')
    .option('--address <address>', 'from which you come, as AWS sees it')
    .option(
      '--for <time>',
      'when it ends if this machine dies: from 10m to 24h; default: 2h',
      duration('10m', '24h'),
    )
    .option('--off', 'end it')
    .option('--json', 'print how to get there as JSON, and do not stay')
    .option('--no-color', 'no colours; the same as NO_COLOR=1')
    .addHelpText('after', examples)
    .action((options: DebugOptions) => debug(options));
}

async function debug(options: DebugOptions): Promise<void> {
  const address = options.off ? '' : await callerAddress(options.address);
  const account = await accountOf(options);
  const { access, region, stack } = account;
  const parts = await neededStack(account);
  const cluster = await whichCluster(await inventoryOf(account, parts), options.cluster);
  const [{ Ec2Bastions }, { Ec2Debugging, sshUser }, { MachineCommands }, { Ec2SshDoor }, { iamName }] =
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
    sshDoor: new Ec2SshDoor({ access, securityGroupId }),
    clock: systemClock,
  };
  const bastion = bastionName(cluster);
  const print = (line: string) => console.error(line);
  const end = async (publicKey: string | null) => {
    const ended = await endDebug(ports, { bastion, address: options.off ? null : address, publicKey });
    const { closed, stillOpen, isKeyOut } = ended;
    print(`port 22 is closed${closed.length > 0 ? ` for ${closed.join(', ')}` : ''}`);
    if (!isKeyOut)
      print(
        `the bastion could not be told to forget ${publicKey ? 'your key' : 'the keys'}: it takes none after its time`,
      );
    if (stillOpen.length === 0) print('the bastion is stopped');
    else
      print(`it is open for ${stillOpen.join(', ')}, so the bastion goes on; gcd-sfn debug --off ends that`);
    return ended;
  };
  if (options.off) {
    const ended = await end(null);
    if (options.json) console.log(JSON.stringify({ cluster, bastion, ...ended }));
    return;
  }

  const toMachine = async (machine: ReadyMachine, keyPath: string) =>
    sshCommand({ ...machine, user: sshUser, keyPath, knownHosts: keepHostKey(machine.id, machine.hostKey) });
  await untilInterrupted(async (signal) => {
    const key = sshKey(iamName(account.arn));
    const tags = { managedBy: 'gcd-sfn', 'gcd-sfn:stack': stack };
    const seconds = options.for ?? debugSeconds;
    const asked = { bastion, cluster, tags, key, address, seconds, print, pause, signal };
    const machine = await beginDebug(ports, asked);
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
      print(`port 22 is open for ${address}; there: kubectl get pods -n gcd`);
    }
    if (options.json || !isInteractive()) {
      print(`gcd-sfn debug --off closes it again; at ${until} it is closed by itself`);
      return;
    }
    print('Ctrl-C closes it again, and stops the bastion');
    const every = Math.min(seconds / renewal.part, renewal.most) * 1000;
    await stayAttached(ports, { ...asked, machine, pause: every });
    await end(key.publicKey);
  });
}
