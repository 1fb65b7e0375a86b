/** Whether the stack is there that runs on a cluster need. Asks AWS. */
import { GcdError } from '../../ports/errors.ts';
import { accountOf, neededStack } from '../cloud/account.ts';
import type { CloudOptions } from '../cloud/options.ts';
import { type Check, note, ok } from './check.ts';

/** Never wrong: runs on this machine need no stack. */
export async function stackChecks(options: CloudOptions = {}): Promise<Check[]> {
  try {
    const account = await accountOf(options);
    const credentials = { what: 'credentials', ...ok(`account ${account.account}, ${account.arn}`) };
    const found = await neededStack(account).then(
      ({ name, region }) => ok(`${name} in ${region}: runs can go to a cluster`),
      noted,
    );
    return [credentials, { what: 'stack', ...found }];
  } catch (error) {
    return [{ what: 'credentials', ...noted(error) }];
  }
}

function noted(error: unknown): Omit<Check, 'what'> {
  if (!(error instanceof GcdError)) throw error;
  return note(`${error.message}; only runs on a cluster need it`, error.mend);
}
