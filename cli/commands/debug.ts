/** `gcd-sfn debug`: a machine beside the cluster, with kubectl, for as long as somebody looks. */
import type { Command } from 'commander';
import { systemClock } from '../../adapters/local/clock.ts';
import { bastionName } from '../../ports/target.ts';
import { accountOf, inventoryOf, neededStack } from '../cloud/account.ts';
import { callerAddress } from '../cloud/caller-address.ts';
import { beginDebug, type DebugPorts, endDebug } from '../cloud/debug-session.ts';
import { type CloudOptions, cloudOptions } from '../cloud/options.ts';
import { sshKey } from '../cloud/ssh-key.ts';
import { whichCluster } from '../cloud/which-cluster.ts';
import { isInteractive } from '../view/interactive.ts';
import { shellPath } from '../view/paths.ts';
import { untilInterrupted } from '../watch/leave.ts';

interface DebugOptions extends CloudOptions {
  cluster?: string;
  address?: string;
  off?: boolean;
  json?: boolean;
}

const pause = 5000;

const examples = `
Examples:
  $ gcd-sfn debug                            starts the bastion, opens port 22 for your address, says how to get there
  $ gcd-sfn debug --cluster gcd-cluster --address 198.51.100.7
  $ gcd-sfn debug --off                      closes port 22 for everybody, and stops the bastion

On a terminal it stays until Ctrl-C, and then closes what it opened; without one, or with --json, --off does that.
There, kubectl is ready: kubectl get pods -n gcd. Your address is asked from https://checkip.amazonaws.com. The key is
made here once, as ~/.ssh/gcd-YOUR-NAME.pem; EC2 gets its public half only. Session Manager needs neither key nor open
port, but its plugin for the AWS CLI. A machine that
is not ready in 15 minutes, or does not answer for 5, is given up, and the port closed. The bastion costs about a cent an hour; runs do not stop it while you debug.
Exit code: 0 done, 2 wrong use, 3 no such cluster, or AWS refused or failed, 130 Ctrl-C before the machine was ready.`;

export function define(command: Command): void {
  cloudOptions(command)
    .option('-c, --cluster <name>', 'the cluster; default: the only one that there is')
    .option('--address <address>', 'from which you come, as AWS sees it')
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
  const [{ Ec2Bastions }, { Ec2Debugging, sshUser }, { iamName }] = await Promise.all([
    import('../../adapters/aws/ec2-bastions.ts'),
    import('../../adapters/aws/ec2-debugging.ts'),
    import('../../adapters/aws/caller.ts'),
  ]);
  const { sshOnlyGroupId: securityGroupId, bastionProfileArn: profileArn, subnetIds } = parts;
  const ports: DebugPorts = {
    bastions: new Ec2Bastions({ access, subnetId: subnetIds[0] ?? '', securityGroupId, profileArn }),
    debugging: new Ec2Debugging({ access, stack, securityGroupId }),
    clock: systemClock,
  };
  const bastion = bastionName(cluster);
  const print = (line: string) => console.error(line);
  const end = async () => {
    const doors = await endDebug(ports, { bastion, address: options.off ? null : address });
    const { closed, stillOpen } = doors;
    print(`port 22 is closed${closed.length > 0 ? ` for ${closed.join(', ')}` : ''}`);
    if (stillOpen.length === 0) print('the bastion is stopped');
    else
      print(`it is open for ${stillOpen.join(', ')}, so the bastion goes on; gcd-sfn debug --off ends that`);
    return doors;
  };
  if (options.off) {
    const doors = await end();
    if (options.json) console.log(JSON.stringify({ cluster, bastion, ...doors }));
    return;
  }

  await untilInterrupted(async (signal) => {
    const key = sshKey(iamName(account.arn));
    const tags = { managedBy: 'gcd-sfn', 'gcd-sfn:stack': stack };
    const asked = { bastion, cluster, tags, key, address, print, pause, signal };
    const machine = await beginDebug(ports, asked);
    const ssh = `ssh -i ${shellPath(key.path)} ${sshUser}@${machine.address}`;
    const session = `aws ssm start-session --region ${region} --target ${machine.id}`;
    if (options.json) console.log(JSON.stringify({ cluster, bastion, ...machine, ssh, session }));
    else {
      console.log(ssh);
      console.log(session);
      print(`port 22 is open for ${address}; there: kubectl get pods -n gcd`);
    }
    if (options.json || !isInteractive()) {
      print('gcd-sfn debug --off closes it again');
      return;
    }
    print('Ctrl-C closes it again, and stops the bastion');
    if (!signal.aborted)
      await new Promise((resolve) => {
        // What listens for signals does not keep the process alive.
        const alive = setInterval(() => undefined, 60_000);
        signal.addEventListener('abort', () => {
          clearInterval(alive);
          resolve(undefined);
        });
      });
    await end();
  });
}
