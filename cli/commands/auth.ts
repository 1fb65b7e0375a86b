/** `gcd-sfn auth`: who may look into a cluster. */
import { Argument, type Command } from 'commander';
import { NotOurs, UsageError } from '../../core/errors/errors.ts';
import { accountOf, inventoryOf, neededStack } from '../aws/account.ts';
import { entryLines } from '../aws/entry-lines.ts';
import { type CloudOptions, cloudOptions } from '../aws/options.ts';
import { whichCluster } from '../aws/which-cluster.ts';
import { printLines } from '../view/out.ts';

interface AuthOptions extends CloudOptions {
  cluster?: string;
  nodes?: boolean;
  json?: boolean;
}

const examples = `
Examples:
  $ gcd-sfn auth list                                                 everybody who may do something on the cluster
  $ gcd-sfn auth add arn:aws:iam::123456789012:user/ada               she may look at workers, their pods and logs
  $ gcd-sfn auth add arn:aws:iam::123456789012:role/students --nodes  and at nodes and everything else
  $ gcd-sfn auth remove arn:aws:iam::123456789012:user/ada --cluster gcd-cluster

add gives EKS's policy AmazonEKSViewPolicy in namespace gcd; with --nodes also AmazonEKSAdminViewPolicy for the whole
cluster, which sees secrets, too. Neither changes anything. Whoever is added then runs, with their own credentials:
aws eks update-kubeconfig --name CLUSTER, which needs eks:DescribeCluster. It takes effect within a minute, and goes
with the cluster. Entries that runs need are shown, and not removed.
Exit code: 0 done, 2 wrong use, or an entry that runs need, 3 no such cluster, or AWS refused or failed.`;

export function define(command: Command): void {
  command
    .addArgument(new Argument('<action>', 'add, list or remove').choices(['add', 'list', 'remove']))
    .argument('[arn]', 'of a user or a role in IAM');
  cloudOptions(command)
    .option('-c, --cluster <name>', 'the cluster; default: the only one that there is')
    .option('--nodes', 'with add: also nodes and the rest of the cluster, secrets included')
    .option('--json', 'print the entries as JSON')
    .option('--no-color', 'no colours; the same as NO_COLOR=1')
    .addHelpText('after', examples)
    .action((action: 'add' | 'list' | 'remove', arn: string | undefined, options: AuthOptions) =>
      auth(action, arn, options),
    );
}

async function auth(action: 'add' | 'list' | 'remove', arn: string | undefined, options: AuthOptions) {
  if (action === 'list' && arn !== undefined) throw new UsageError('list takes no ARN');
  const principal = action === 'list' ? '' : checkedArn(arn);
  const account = await accountOf(options);
  const inventory = await inventoryOf(account, await neededStack(account));
  const cluster = await whichCluster(inventory, options.cluster);
  const { EksClusterAccess } = await import('../../adapters/aws/eks/cluster-access.ts');
  const entries = new EksClusterAccess({ access: account.access });
  if (action === 'add') {
    await entries.add(cluster, principal, options.nodes ?? false);
    console.error(
      `${principal} may look at workers on cluster ${cluster}${options.nodes ? ', and at everything else' : ''}`,
    );
  }
  if (action === 'remove') {
    const found = (await entries.list(cluster)).find((one) => one.principal === principal);
    if (found?.needed)
      throw new NotOurs(`runs on cluster ${cluster} need the entry of ${principal}: it stays`, {
        hint: 'gcd-sfn cleanup removes it with its cluster.',
      });
    const was = await entries.remove(cluster, principal);
    console.error(
      was ? `${principal} may do nothing on cluster ${cluster} any more` : 'there is no such entry',
    );
  }
  const all = action === 'list' || options.json ? await entries.list(cluster) : [];
  if (options.json) console.log(JSON.stringify({ cluster, entries: all }));
  else if (action === 'list') printLines(entryLines(all));
}

/** @throws UsageError */
function checkedArn(arn: string | undefined): string {
  const own = 'aws sts get-caller-identity shows your own.';
  if (arn === undefined) throw new UsageError('whom? Give the ARN of a user or a role', { hint: own });
  const session = /^arn:([\w-]+):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(arn);
  if (session)
    throw new UsageError(`${arn} is a session, which ends; its role is what may be let in`, {
      hint: `The role is called ${session[3]}; aws iam get-role --role-name ${session[3]} shows its ARN.`,
    });
  if (!/^arn:[\w-]+:iam::\d{12}:(user|role)\/[\w+=,.@/-]+$/.test(arn))
    throw new UsageError(`'${arn}' is not the ARN of a user or a role`, {
      hint: `Such as arn:aws:iam::123456789012:user/ada; ${own}`,
    });
  return arn;
}
