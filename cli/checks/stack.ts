/** Checks credentials, stack and account, which runs on a cluster need. Asks AWS. */
import { GcdError } from '../../core/errors/errors.ts';
import { type Account, openAccount, requireStack } from '../aws/account.ts';
import type { StackOptions } from '../aws/options.ts';
import { checkAccountForProject } from '../aws/quotas/check-account.ts';
import { type Check, note, ok } from './check.ts';

/** Never `wrong`: runs on this machine need no stack. @param project folder whose run is checked; undefined: a default run */
export async function stackChecks(
  options: StackOptions = {},
  project: string | undefined = undefined,
): Promise<Check[]> {
  try {
    const account = await openAccount(options);
    const credentials = { what: 'credentials', ...ok(`account ${account.account}, ${account.arn}`) };
    const found = await requireStack(account).then(
      ({ name, region }) => ok(`${name} in ${region}: runs on a cluster are possible`),
      noted,
    );
    return [credentials, { what: 'stack', ...found }, ...(await accountChecks(account, project))];
  } catch (error) {
    return [{ what: 'credentials', ...noted(error) }];
  }
}

async function accountChecks(account: Account, project: string | undefined): Promise<Check[]> {
  const findings = await checkAccountForProject(account, project);
  return findings.map(({ level, says, hint }) => ({
    what: 'account',
    ...(level === 'ok' ? ok(says) : note(says, hint)),
  }));
}

function noted(error: unknown): Omit<Check, 'what'> {
  if (!(error instanceof GcdError)) throw error;
  return note(`${error.message}; only runs on a cluster need it`, error.hint);
}
