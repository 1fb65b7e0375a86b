/** `gcd-sfn auth`: grants, lists and revokes read access to a cluster. */
import { Argument, type Command } from 'commander';
import { NotOurs, UsageError } from '../../core/errors/errors.ts';
import type { AccessEntry } from '../../ports/cluster/cluster-access.ts';
import { openAccount, openInventory, requireStack } from '../aws/account.ts';
import { type StackOptions, stackOptions } from '../aws/options.ts';
import { resolveCluster } from '../aws/resolve-cluster.ts';
import { escapeControlChars } from '../terminal/escape-control-chars.ts';
import { printLines } from '../terminal/output.ts';
import { table } from '../terminal/table.ts';

interface AuthOptions extends StackOptions {
  cluster?: string;
  nodes?: boolean;
  json?: boolean;
}

const examples = `
Examples:
  $ gcd-sfn auth list                                                 everybody with access to the cluster
  $ gcd-sfn auth add arn:aws:iam::123456789012:user/ada               she may view workers, their pods and logs
  $ gcd-sfn auth add arn:aws:iam::123456789012:role/students --nodes  and also nodes and everything else
  $ gcd-sfn auth remove arn:aws:iam::123456789012:user/ada --cluster gcd-cluster

add grants EKS's policy AmazonEKSViewPolicy in namespace gcd; with --nodes also AmazonEKSAdminViewPolicy for the whole
cluster, which includes secrets. Both are read-only. The person then runs, with their own credentials:
aws eks update-kubeconfig --name CLUSTER, which needs eks:DescribeCluster. Access starts within a minute, and ends with the
cluster. Entries that runs need are listed, but cannot be removed.
Exit code: 0 done, 2 wrong use, or an entry that runs need, 3 no such cluster, or AWS refused or failed.`;

export function define(command: Command): void {
  command
    .addArgument(new Argument('<action>', 'add, list or remove').choices(['add', 'list', 'remove']))
    .argument('[arn]', 'ARN of an IAM user or role');
  stackOptions(command)
    .option('-c, --cluster <name>', 'the cluster; default: the only one')
    .option('--nodes', 'with add: also nodes and the rest of the cluster, including secrets')
    .option('--json', 'print the entries as JSON')
    .option('--no-color', 'disable colors; same as NO_COLOR=1')
    .addHelpText('after', examples)
    .action((action: 'add' | 'list' | 'remove', arn: string | undefined, options: AuthOptions) =>
      auth(action, arn, options),
    );
}

async function auth(action: 'add' | 'list' | 'remove', arn: string | undefined, options: AuthOptions) {
  if (action === 'list' && arn !== undefined) throw new UsageError('list takes no ARN');
  const principal = action === 'list' ? '' : checkedArn(arn);
  const account = await openAccount(options);
  const inventory = await openInventory(account, await requireStack(account));
  const cluster = await resolveCluster(inventory, options.cluster);
  const { EksClusterAccess } = await import('../../adapters/aws/eks/cluster-access.ts');
  const entries = new EksClusterAccess({ access: account.access });
  if (action === 'add') {
    await entries.add(cluster, principal, options.nodes ?? false);
    console.error(
      `${principal} may view workers on cluster ${cluster}${options.nodes ? ', and everything else' : ''}`,
    );
  }
  if (action === 'remove') {
    const found = (await entries.list(cluster)).find((one) => one.principal === principal);
    if (found?.needed)
      throw new NotOurs(`runs on cluster ${cluster} need the entry of ${principal}: it cannot be removed`, {
        hint: 'gcd-sfn cleanup deletes it with the cluster.',
      });
    const was = await entries.remove(cluster, principal);
    console.error(
      was ? `${principal} has no access to cluster ${cluster} any more` : 'there is no such entry',
    );
  }
  const all = action === 'list' || options.json ? await entries.list(cluster) : [];
  if (options.json) console.log(JSON.stringify({ cluster, entries: all }));
  else if (action === 'list') printLines(renderAccess(all));
}

/** @throws UsageError */
function checkedArn(arn: string | undefined): string {
  const own = 'aws sts get-caller-identity shows your own.';
  if (arn === undefined) throw new UsageError('give the ARN of an IAM user or role', { hint: own });
  const session = /^arn:([\w-]+):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(arn);
  if (session)
    throw new UsageError(`${arn} is a temporary session; grant access to its role`, {
      hint: `The role is ${session[3]}; aws iam get-role --role-name ${session[3]} shows its ARN.`,
    });
  if (!/^arn:[\w-]+:iam::\d{12}:(user|role)\/[\w+=,.@/-]+$/.test(arn))
    throw new UsageError(`'${arn}' is not the ARN of an IAM user or role`, {
      hint: `Example: arn:aws:iam::123456789012:user/ada; ${own}`,
    });
  return arn;
}

/** The entries as a table: who, which policies and groups. */
function renderAccess(entries: AccessEntry[]): string[] {
  const rows = entries.map(({ principal, policies, groups, needed }) => {
    const may = [
      ...policies.map(({ name, namespaces }) =>
        namespaces.length === 0 ? name : `${name} in ${namespaces.join(', ')}`,
      ),
      ...groups,
    ];
    return [
      escapeControlChars(principal),
      escapeControlChars(may.join('; ')) || 'nothing',
      needed ? 'for runs' : '',
    ];
  });
  return table([{ head: 'who' }, { head: 'may' }, { head: '' }], rows);
}
