/** `gcd-sfn resources`: what there is on AWS. */
import type { Command } from 'commander';
import { systemClock } from '../../adapters/local/clock.ts';
import { accountOf, inventoryOf, neededStack } from '../aws/account.ts';
import { withSizes } from '../aws/copied-sizes.ts';
import { type CloudOptions, cloudOptions } from '../aws/options.ts';
import { pricedLines } from '../aws/priced-lines.ts';
import { priced } from '../aws/standing-costs.ts';
import { takeInventory } from '../aws/take-inventory.ts';
import { printLines } from '../view/out.ts';

interface ResourcesOptions extends CloudOptions {
  json?: boolean;
}

const examples = `
Examples:
  $ gcd-sfn resources                       what there is beside the stack, each thing asked for by name
  $ gcd-sfn resources --region us-west-2
  $ gcd-sfn resources --json                {"resources": [{"kind", "name", "cluster", "age", "cost"}], "cost", "prices"}

What it has cost is the price list times the hours for which the things that are there now have been there: machines
that are gone are not in it, and taxes and discounts neither. The stack itself costs its stored bytes.
Exit code: 0 whatever there is, 2 wrong use, 3 AWS refused or failed.`;

export function define(command: Command): void {
  cloudOptions(command)
    .option('--json', 'print it as JSON')
    .option('--no-color', 'no colours; the same as NO_COLOR=1')
    .addHelpText('after', examples)
    .action((options: ResourcesOptions) => resources(options));
}

async function resources({ json, ...options }: ResourcesOptions): Promise<void> {
  const account = await accountOf(options);
  const { access, region, stack } = account;
  const parts = await neededStack(account);
  const inventory = await inventoryOf(account, parts);
  const [{ AwsPrices }, { runningMachines }] = await Promise.all([
    import('../../adapters/aws/prices/aws-prices.ts'),
    import('../../adapters/aws/ec2/running-instances.ts'),
  ]);
  const taken = await takeInventory({ inventory, clock: systemClock })({ cluster: null });
  const found = await withSizes(taken, { access, bucket: parts.bucket, now: systemClock.now() });
  const machines = await runningMachines(access, stack);
  const prices = new AwsPrices({ access });
  const all = await priced(found, machines, { prices, region, now: systemClock.now() });
  if (json) console.log(JSON.stringify({ stack, region, account: account.account, ...all }));
  else if (found.length === 0) console.log(`there is nothing beside stack ${stack} in ${region}`);
  else printLines(pricedLines(all));
}
