/** `gcd-sfn destroy`: deletes the stack. */
import type { Command } from 'commander';
import { InUse, NotFound, RunInterrupted } from '../../core/errors/errors.ts';
import { plural } from '../../core/format/numbers.ts';
import { systemClock } from '../../core/system-clock.ts';
import type { StackParts } from '../../ports/account/stack.ts';
import { requestsIn } from '../../runs/aws/runs-of-stack.ts';
import { type Account, openAccount, openInventory, requireStack } from '../aws/account.ts';
import { showCredentialsSource } from '../aws/credentials-source.ts';
import { resourceLabel } from '../aws/inventory/render-inventory.ts';
import { takeInventory } from '../aws/inventory/take-inventory.ts';
import { type StackOptions, stackOptions } from '../aws/options.ts';
import { peopleOf } from '../aws/person.ts';
import { stackProgress } from '../aws/stack/progress.ts';
import { shortType } from '../aws/stack/render-change-set.ts';
import { isInteractive } from '../terminal/output.ts';
import { askYes } from '../terminal/prompts.ts';

interface DestroyOptions extends StackOptions {
  yes?: boolean;
  deleteResults?: boolean;
  json?: boolean;
}

const examples = `
Examples:
  $ gcd-sfn destroy                             ask, and delete the stack
  $ gcd-sfn destroy --delete-results --yes      without asking, including the results of runs in its bucket

It refuses while a cluster exists, or anything else that gcd-sfn cleanup deletes, and while its bucket contains runs;
"gcd-sfn results" downloads their files first. Buckets are emptied, including all versions. Without a terminal nothing is
asked. After a failure run it again: it continues. Resources that keep CloudFormation from deleting the network, such as a
GuardDuty endpoint, are named.
Exit code: 0 the stack does not exist (any more), 2 it refused, 3 AWS refused, or could not delete something, 130 you said
no, or pressed Ctrl-C: CloudFormation continues.`;

export function define(command: Command): void {
  stackOptions(command)
    .option('--delete-results', "also delete the runs in the stack's bucket, with their results")
    .option('-y, --yes', 'do not prompt')
    .option('--json', 'print the outcome as JSON')
    .option('--no-color', 'disable colors; same as NO_COLOR=1')
    .addHelpText('after', examples)
    .action((options: DestroyOptions) => destroy(options));
}

async function destroy(options: DestroyOptions): Promise<void> {
  const account = await openAccount(options);
  const { access, region, stack } = account;
  console.error(`stack ${stack} in ${region}, account ${account.account}, as ${account.arn}`);
  await showCredentialsSource();
  const answer = (outcome: 'absent' | 'removed', kept: string[] = []) => {
    if (options.json) console.log(JSON.stringify({ outcome, stack, region, account: account.account, kept }));
  };
  const { stackIsThere } = await import('../../adapters/aws/cloudformation/delete-stack.ts');
  if (!(await stackIsThere({ access, name: stack }))) {
    console.error(`there is no stack ${stack} in ${region}: nothing to do`);
    answer('absent');
    return;
  }
  const parts = await completeStack(account);
  await refuseWhileUsed(account, parts);
  const { count: runs, whose } = parts ? await runsIn(account, parts.bucket) : { count: 0, whose: '' };
  if (runs > 0 && !options.deleteResults)
    throw new InUse(
      `the bucket of stack ${stack} contains ${plural(runs, 'run')} and ${runs === 1 ? 'its' : 'their'} results: of ${whose}`,
      {
        hint: 'gcd-sfn results downloads them. To delete them with the stack: gcd-sfn destroy --delete-results',
      },
    );
  if (runs > 0)
    console.error(
      `${plural(runs, 'run')} will be deleted from its bucket, and ${runs === 1 ? 'its' : 'their'} results: of ${whose}`,
    );
  if (!options.yes && isInteractive() && !(await askYes(`Delete stack ${stack}?`, false)))
    throw new RunInterrupted('nothing was deleted');
  const { removeStack } = await import('../../adapters/aws/cloudformation/delete-stack.ts');
  const progress = stackProgress('CloudFormation continues; gcd-sfn destroy shows the outcome later.');
  const { onPhase, onStep } = progress;
  const retained = await removeStack({ access, region, name: stack, onPhase, onStep }).finally(() =>
    progress.end(),
  );
  const kept = (retained ?? []).map(({ resource, type }) => `${resource} (${shortType(type)})`);
  console.error(`stack ${stack} was deleted${kept.length > 0 ? `; kept: ${kept.join(', ')}` : ''}`);
  answer('removed', kept);
}

/** Undefined when the stack is incomplete, such as after a failed first deploy. */
const completeStack = (account: Account): Promise<StackParts | undefined> =>
  requireStack(account).catch((error) => {
    if (error instanceof NotFound) return undefined;
    throw error;
  });

async function refuseWhileUsed(account: Account, parts: StackParts | undefined): Promise<void> {
  const inventory = await openInventory(account, parts);
  const found = await takeInventory({ inventory, clock: systemClock })({ cluster: null });
  if (found.length === 0) return;
  const shown = found.slice(0, 5).map(resourceLabel).join(', ');
  throw new InUse(
    `${shown}${found.length > 5 ? ` and ${found.length - 5} more` : ''} must be deleted before the stack`,
    { hint: 'Delete everything first: gcd-sfn cleanup --all' },
  );
}

/** @returns number of runs, and who started them */
async function runsIn({ access }: Account, bucket: string): Promise<{ count: number; whose: string }> {
  const { newS3Client, S3Store } = await import('../../adapters/aws/s3/index.ts');
  const client = await newS3Client(access);
  try {
    const { count, found } = await requestsIn((prefix) => new S3Store({ client, bucket, prefix }));
    const unknown = Array.from({ length: count - found.length }, () => undefined);
    return { count, whose: peopleOf([...found.map(({ by }) => by), ...unknown]) };
  } catch (error) {
    // Somebody deleted the bucket by hand.
    if (error instanceof NotFound) return { count: 0, whose: '' };
    throw error;
  } finally {
    client.destroy();
  }
}
