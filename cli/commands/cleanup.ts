/** `gcd-sfn cleanup`: removes what runs have made on AWS, or the environments on this machine. */
import type { Command } from 'commander';
import { systemClock } from '../../adapters/local/clock.ts';
import { InUse, Remains, RunInterrupted, UsageError } from '../../core/errors/errors.ts';
import { type Account, accountOf, inventoryOf, neededStack } from '../aws/account.ts';
import { cleanUp } from '../aws/clean-up.ts';
import { withSizes } from '../aws/copied-sizes.ts';
import { foundLines, thing } from '../aws/found-lines.ts';
import { type CloudOptions, cloudOptions } from '../aws/options.ts';
import { takeInventory } from '../aws/take-inventory.ts';
import { cleanEnvironments } from '../clean-environments.ts';
import { isInteractive } from '../view/interactive.ts';
import { askYes } from '../view/prompts.ts';
import { count } from '../view/units.ts';
import { untilInterrupted } from '../watch/leave.ts';

interface CleanupOptions extends CloudOptions {
  cluster?: string;
  all?: boolean;
  environments?: boolean;
  yes?: boolean;
  json?: boolean;
}

/** A cluster takes ten minutes to go. */
const pause = 10_000;

const examples = `
Examples:
  $ gcd-sfn cleanup --cluster gcd-cluster    a cluster with its nodes, workers, bastion and logs
  $ gcd-sfn cleanup --all                    everything but the stack: also images, key pairs, queues, uploads,
                                             and copied data that no run and no schedule reads
  $ gcd-sfn cleanup --environments           the Python environments on this machine that no run is using

What will go is shown, and asked about. It is removed on AWS, by a state machine that goes on when this terminal is
closed; the command follows it, and then looks for itself whether anything is left. Results of runs stay in the stack's
bucket. A cluster on which a run is going on is left alone. Without a terminal nothing is asked.
Exit code: 0 nothing is left, 2 wrong use, or a run is going on, 3 something is left, or AWS refused or failed, 130 you
said no, or pressed Ctrl-C: the clean-up goes on.`;

export function define(command: Command): void {
  cloudOptions(command)
    .option('-c, --cluster <name>', 'only this cluster and what belongs to it')
    .option('--all', 'everything but the stack')
    .option('--environments', 'on this machine: Python environments that are kept for the next run')
    .option('-y, --yes', 'do not ask')
    .option('--json', 'print what is left as JSON')
    .option('--no-color', 'no colours; the same as NO_COLOR=1')
    .addHelpText('after', examples)
    .action((options: CleanupOptions) => cleanup(options));
}

/** US dollars for a GiB in S3 and a month. */
async function priceOfStorage({ access, region }: Account): Promise<number> {
  const { AwsPrices } = await import('../../adapters/aws/prices/aws-prices.ts');
  // Any type does: its price is not wanted.
  return (await new AwsPrices({ access }).list(region, 't3.micro', false)).storeGiBMonth;
}

async function cleanup(options: CleanupOptions): Promise<void> {
  const { cluster: named, all, environments } = options;
  if ([named !== undefined, all, environments].filter(Boolean).length !== 1)
    throw new UsageError('what is to be cleaned up? Give --cluster NAME, --all, or --environments', {
      hint: 'gcd-sfn resources shows what there is on AWS, gcd-sfn doctor what is on this machine.',
    });
  if (environments) return cleanEnvironments(options);
  const cluster = options.cluster ?? null;
  const account = await accountOf(options);
  const { access } = account;
  const parts = await neededStack(account);
  const inventory = await inventoryOf(account, parts);
  const ports = { inventory, clock: systemClock };
  const taken = await takeInventory(ports)({ cluster });
  const before = await withSizes(taken, { access, bucket: parts.bucket, now: systemClock.now() });
  const what = cluster === null ? `beside stack ${account.stack}` : `of cluster ${cluster}`;
  if (before.length === 0) {
    console.error(`there is nothing ${what} in ${account.region}`);
    if (options.json) console.log(JSON.stringify({ left: [] }));
    return;
  }
  console.error(`to be removed from ${account.region}, account ${account.account}:`);
  const stored = before.some(({ size }) => size !== undefined) ? await priceOfStorage(account) : 0;
  for (const line of foundLines(before, stored)) console.error(`  ${line}`);
  if (!options.yes && isInteractive() && !(await askYes(`Remove ${count(before.length, 'thing')}?`, false)))
    throw new RunInterrupted('nothing was removed');

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
    console.error(
      `there is nothing ${what} any more: looked for by tags and names, and asked of each service`,
    );
    return;
  }
  const { causeOf } = await import('../../adapters/aws/step-functions/executions.ts');
  const { error, cause } = await causeOf({ access, machine: parts.cleanUpMachineArn, name: execution });
  if (error === 'InUse') throw new InUse(cause ?? 'a run is going on there');
  const names = end.left.slice(0, 10).map(thing).join(', ');
  const more = end.left.length > 10 ? ` and ${end.left.length - 10} more` : '';
  throw new Remains(
    `after the clean-up there is still: ${names}${more}${cause === null ? '' : `. ${cause}`}`,
    {
      hint: 'The same command goes on; what it cannot remove, the AWS console shows by these names.',
    },
  );
}
