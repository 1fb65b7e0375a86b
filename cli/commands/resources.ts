/** `gcd-sfn resources`: lists what exists on AWS besides the stack. */
import type { Command } from 'commander';
import { systemClock } from '../../core/system-clock.ts';
import { openAccount, openInventory, requireStack } from '../aws/account.ts';
import { withCopiedDataSizes } from '../aws/inventory/copied-data-sizes.ts';
import { renderCosts } from '../aws/inventory/render-costs.ts';
import { priceResources } from '../aws/inventory/standing-costs.ts';
import { takeInventory } from '../aws/inventory/take-inventory.ts';
import { type StackOptions, stackOptions } from '../aws/options.ts';
import { printLines } from '../terminal/output.ts';

interface ResourcesOptions extends StackOptions {
  json?: boolean;
}

const examples = `
Examples:
  $ gcd-sfn resources                       what exists besides the stack, each resource confirmed with its service
  $ gcd-sfn resources --region us-west-2
  $ gcd-sfn resources --json                {"resources": [{"kind", "name", "cluster", "age", "cost"}], "cost", "prices"}

The cost so far is list price times age of the resources that exist now: it does not include deleted machines, taxes or
discounts. The stack itself costs only its storage.
Exit code: 0 whatever exists, 2 wrong use, 3 AWS refused or failed.`;

export function define(command: Command): void {
  stackOptions(command)
    .option('--json', 'print it as JSON')
    .option('--no-color', 'disable colors; same as NO_COLOR=1')
    .addHelpText('after', examples)
    .action((options: ResourcesOptions) => resources(options));
}

async function resources({ json, ...options }: ResourcesOptions): Promise<void> {
  const account = await openAccount(options);
  const { access, region, stack } = account;
  const parts = await requireStack(account);
  const inventory = await openInventory(account, parts);
  const [{ AwsPrices }, { runningMachines }] = await Promise.all([
    import('../../adapters/aws/prices/aws-prices.ts'),
    import('../../adapters/aws/ec2/running-instances.ts'),
  ]);
  const taken = await takeInventory({ inventory, clock: systemClock })({ cluster: null });
  const found = await withCopiedDataSizes(taken, { access, bucket: parts.bucket, now: systemClock.now() });
  const machines = await runningMachines(access, stack);
  const prices = new AwsPrices({ access });
  const all = await priceResources(found, machines, { prices, region, now: systemClock.now() });
  if (json) console.log(JSON.stringify({ stack, region, account: account.account, ...all }));
  else if (found.length === 0) console.log(`nothing exists besides stack ${stack} in ${region}`);
  else printLines(renderCosts(all));
}
