/** `gcd-sfn cleanup`: deletes what runs created on AWS, or the environments on this machine. */
import type { Command } from 'commander';
import { InUse, Remains, RunInterrupted, UsageError } from '../../core/errors/errors.ts';
import { plural } from '../../core/format/numbers.ts';
import { systemClock } from '../../core/system-clock.ts';
import { type Account, openAccount, openInventory, requireStack } from '../aws/account.ts';
import { cleanUp } from '../aws/inventory/clean-up.ts';
import { withCopiedDataSizes } from '../aws/inventory/copied-data-sizes.ts';
import { renderInventory, resourceLabel } from '../aws/inventory/render-inventory.ts';
import { takeInventory } from '../aws/inventory/take-inventory.ts';
import { type StackOptions, stackOptions } from '../aws/options.ts';
import { cleanEnvironments } from '../clean-environments.ts';
import { untilInterrupted } from '../follow/until-interrupted.ts';
import { isInteractive } from '../terminal/output.ts';
import { askYes } from '../terminal/prompts.ts';

interface CleanupOptions extends StackOptions {
  cluster?: string;
  all?: boolean;
  environments?: boolean;
  yes?: boolean;
  json?: boolean;
}

/** Polling interval in milliseconds; the deletion of a cluster takes ten minutes. */
const pause = 10_000;

const examples = `
Examples:
  $ gcd-sfn cleanup --cluster gcd-cluster    a cluster with its nodes, workers, bastion and logs
  $ gcd-sfn cleanup --all                    everything but the stack: also images, key pairs, queues, uploads,
                                             and copied data that no run and no schedule reads
  $ gcd-sfn cleanup --environments           the Python environments on this machine that no run uses

It lists what will be deleted, and asks. A state machine on AWS deletes it and continues when this terminal is closed; the
command follows it, and then checks that nothing is left. Results of runs stay in the stack's bucket. A cluster with a
running run is not touched. Without a terminal nothing is asked.
Exit code: 0 nothing is left, 2 wrong use, or a run is running, 3 something is left, or AWS refused or failed, 130 you
said no, or pressed Ctrl-C: the clean-up continues.`;

export function define(command: Command): void {
  stackOptions(command)
    .option('-c, --cluster <name>', 'this cluster and what belongs to it')
    .option('--all', 'everything but the stack')
    .option('--environments', 'on this machine: the cached Python environments')
    .option('-y, --yes', 'do not prompt')
    .option('--json', 'print what is left as JSON')
    .option('--no-color', 'disable colors; same as NO_COLOR=1')
    .addHelpText('after', examples)
    .action((options: CleanupOptions) => cleanup(options));
}

/** US dollars for a GiB in S3 for a month. */
async function priceOfStorage({ access, region }: Account): Promise<number> {
  const { AwsPrices } = await import('../../adapters/aws/prices/aws-prices.ts');
  // The storage price is the same in the list of any instance type.
  return (await new AwsPrices({ access }).list(region, 't3.micro', false)).storeGiBMonth;
}

async function cleanup(options: CleanupOptions): Promise<void> {
  const { cluster: named, all, environments } = options;
  if ([named !== undefined, all, environments].filter(Boolean).length !== 1)
    throw new UsageError('give exactly one of --cluster NAME, --all and --environments', {
      hint: 'gcd-sfn resources lists what exists on AWS, gcd-sfn doctor what is on this machine.',
    });
  if (environments) return cleanEnvironments(options);
  const cluster = options.cluster ?? null;
  const account = await openAccount(options);
  const { access } = account;
  const parts = await requireStack(account);
  const inventory = await openInventory(account, parts);
  const ports = { inventory, clock: systemClock };
  const taken = await takeInventory(ports)({ cluster });
  const before = await withCopiedDataSizes(taken, { access, bucket: parts.bucket, now: systemClock.now() });
  const what = cluster === null ? `besides stack ${account.stack}` : `of cluster ${cluster}`;
  if (before.length === 0) {
    console.error(`nothing exists ${what} in ${account.region}`);
    if (options.json) console.log(JSON.stringify({ left: [] }));
    return;
  }
  console.error(`to be deleted in ${account.region}, account ${account.account}:`);
  const stored = before.some(({ size }) => size !== undefined) ? await priceOfStorage(account) : 0;
  for (const line of renderInventory(before, stored)) console.error(`  ${line}`);
  if (
    !options.yes &&
    isInteractive() &&
    !(await askYes(`Delete ${plural(before.length, 'resource')}?`, false))
  )
    throw new RunInterrupted('nothing was deleted');

  const { SfnExecutions } = await import('../../adapters/aws/step-functions/executions.ts');
  const machines = { run: parts.runMachineArn, cleanup: parts.cleanUpMachineArn };
  const executions = new SfnExecutions({ access, machines });
  const execution = `cleanup-${new Date().toISOString().replace(/\D/g, '').slice(0, 17)}`;
  const print = (line: string) => console.error(line);
  const end = await untilInterrupted((signal) =>
    cleanUp({ ...ports, executions }, { cluster, execution, before, pause, signal, print }),
  );
  if (options.json) console.log(JSON.stringify({ execution, state: end.state, left: end.left }));
  if (end.left.length === 0) {
    console.error(`nothing is left ${what}: checked by tag, by name, and with each service`);
    return;
  }
  const { causeOf } = await import('../../adapters/aws/step-functions/executions.ts');
  const { error, cause } = await causeOf({ access, machine: parts.cleanUpMachineArn, name: execution });
  if (error === 'InUse') throw new InUse(cause ?? 'a run is using it');
  const names = end.left.slice(0, 10).map(resourceLabel).join(', ');
  const more = end.left.length > 10 ? ` and ${end.left.length - 10} more` : '';
  throw new Remains(`the clean-up left: ${names}${more}${cause === null ? '' : `. ${cause}`}`, {
    hint: 'Run the same command again; what it cannot delete is in the AWS console under these names.',
  });
}
