/** `gcd-sfn destroy`: removes the stack. */
import type { Command } from 'commander';
import { systemClock } from '../../adapters/local/clock.ts';
import { InUse, NotFound, RunInterrupted } from '../../core/errors/errors.ts';
import type { StackParts } from '../../ports/account/stack.ts';
import { requestsIn } from '../../runs/aws/runs-of-stack.ts';
import { type Account, accountOf, inventoryOf, neededStack } from '../aws/account.ts';
import { kind } from '../aws/changes.ts';
import { thing } from '../aws/found-lines.ts';
import { showKeysFrom } from '../aws/keys-from.ts';
import { type CloudOptions, cloudOptions } from '../aws/options.ts';
import { peopleOf } from '../aws/person.ts';
import { stackProgress } from '../aws/stack-progress.ts';
import { takeInventory } from '../aws/take-inventory.ts';
import { isInteractive } from '../view/interactive.ts';
import { askYes } from '../view/prompts.ts';
import { count } from '../view/units.ts';

interface DestroyOptions extends CloudOptions {
  yes?: boolean;
  deleteResults?: boolean;
  json?: boolean;
}

const examples = `
Examples:
  $ gcd-sfn destroy                             asks, removes the stack
  $ gcd-sfn destroy --delete-results --yes      asks nothing; results of runs that are in its bucket go, too

It refuses while there is a cluster, or anything else that gcd-sfn cleanup removes, and while its bucket holds runs, whose
files gcd-sfn results brings to this machine first. Buckets are emptied, with all versions. Without a terminal nothing is asked. When something fails, do it again:
it goes on. What keeps CloudFormation from removing the network, such as an endpoint of GuardDuty, is named.
Exit code: 0 there is no stack (any more), 2 it refused, 3 AWS refused, or could not remove something, 130 you said no, or pressed Ctrl-C:
CloudFormation goes on with what it has begun.`;

export function define(command: Command): void {
  cloudOptions(command)
    .option('--delete-results', "also when the stack's bucket holds runs, whose results go with it")
    .option('-y, --yes', 'do not ask')
    .option('--json', 'print what has become of the stack as JSON')
    .option('--no-color', 'no colours; the same as NO_COLOR=1')
    .addHelpText('after', examples)
    .action((options: DestroyOptions) => destroy(options));
}

async function destroy(options: DestroyOptions): Promise<void> {
  const account = await accountOf(options);
  const { access, region, stack } = account;
  console.error(`stack ${stack} in ${region}, account ${account.account}, as ${account.arn}`);
  await showKeysFrom();
  const answer = (outcome: 'absent' | 'removed', kept: string[] = []) => {
    if (options.json) console.log(JSON.stringify({ outcome, stack, region, account: account.account, kept }));
  };
  const { stackIsThere } = await import('../../adapters/aws/cloudformation/delete-stack.ts');
  if (!(await stackIsThere({ access, name: stack }))) {
    console.error(`there is no stack ${stack} in ${region}: nothing to do`);
    answer('absent');
    return;
  }
  const parts = await wholeStack(account);
  await refuseWhileUsed(account, parts);
  const { count: runs, whose } = parts ? await runsIn(account, parts.bucket) : { count: 0, whose: '' };
  if (runs > 0 && !options.deleteResults)
    throw new InUse(
      `the bucket of stack ${stack} holds ${count(runs, 'run')} and ${runs === 1 ? 'its' : 'their'} results: of ${whose}`,
      {
        hint: 'gcd-sfn results brings them to this machine. To remove them with the stack: gcd-sfn destroy --delete-results',
      },
    );
  if (runs > 0)
    console.error(
      `${count(runs, 'run')} will be removed from its bucket, and ${runs === 1 ? 'its' : 'their'} results: of ${whose}`,
    );
  if (!options.yes && isInteractive() && !(await askYes(`Remove stack ${stack}?`, false)))
    throw new RunInterrupted('nothing was removed');
  const { removeStack } = await import('../../adapters/aws/cloudformation/delete-stack.ts');
  const progress = stackProgress('CloudFormation goes on; gcd-sfn destroy shows later how it ended.');
  const { onPhase, onStep } = progress;
  const retained = await removeStack({ access, region, name: stack, onPhase, onStep }).finally(() =>
    progress.end(),
  );
  const kept = (retained ?? []).map(({ resource, type }) => `${resource} (${kind(type)})`);
  console.error(`stack ${stack} is removed${kept.length > 0 ? `; kept: ${kept.join(', ')}` : ''}`);
  answer('removed', kept);
}

/** Undefined when the stack is not whole, such as after a first try that failed. */
const wholeStack = (account: Account): Promise<StackParts | undefined> =>
  neededStack(account).catch((error) => {
    if (error instanceof NotFound) return undefined;
    throw error;
  });

async function refuseWhileUsed(account: Account, parts: StackParts | undefined): Promise<void> {
  const inventory = await inventoryOf(account, parts);
  const found = await takeInventory({ inventory, clock: systemClock })({ cluster: null });
  if (found.length === 0) return;
  const shown = found.slice(0, 5).map(thing).join(', ');
  throw new InUse(
    `there is still ${shown}${found.length > 5 ? ` and ${found.length - 5} more` : ''}, which needs the stack to be removed`,
    { hint: 'Remove it first: gcd-sfn cleanup --all' },
  );
}

/** @returns how many there are, and who asked for them */
async function runsIn({ access }: Account, bucket: string): Promise<{ count: number; whose: string }> {
  const { newS3Client, S3Store } = await import('../../adapters/aws/s3/index.ts');
  const client = await newS3Client(access);
  try {
    const { count, found } = await requestsIn((prefix) => new S3Store({ client, bucket, prefix }));
    const unknown = Array.from({ length: count - found.length }, () => undefined);
    return { count, whose: peopleOf([...found.map(({ by }) => by), ...unknown]) };
  } catch (error) {
    // Somebody has removed the bucket by hand.
    if (error instanceof NotFound) return { count: 0, whose: '' };
    throw error;
  } finally {
    client.destroy();
  }
}
