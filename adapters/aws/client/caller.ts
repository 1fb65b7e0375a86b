/** The owner of the credentials, and the region in use. */
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { AwsAccess } from '../../../core/config/dotenv.ts';
import { UsageError } from '../../../core/errors/errors.ts';
import { send } from './send.ts';
import { clientSettings } from './settings.ts';

export interface Caller {
  /** The account's number. */
  account: string;
  /** Of the user, or of a role's session. */
  arn: string;
  region: string;
}

/** @throws UsageError when no region is known; Unreachable without valid credentials */
export async function callerOf(access: AwsAccess): Promise<Caller> {
  const context = { action: 'sts:GetCallerIdentity', arn: '*', what: "the credentials' owner" };
  const client = new STSClient(clientSettings(access));
  const region = await client.config.region().catch((error) => {
    throw new UsageError('no AWS region is known', {
      hint: 'Give --region us-west-2, or another, or set AWS_REGION.',
      cause: error,
    });
  });
  try {
    const { Account = '', Arn = '' } = await send(context, client.send(new GetCallerIdentityCommand({})));
    return { account: Account, arn: Arn, region };
  } finally {
    client.destroy();
  }
}

/** The user's name, or the name of the assumed role. */
export function iamName(arn: string): string {
  const [, kind = '', ...rest] = /[^:]*$/.exec(arn)?.[0].match(/^([^/]+)\/?(.*)$/) ?? [];
  const path = (rest[0] ?? '').split('/');
  if (kind === 'assumed-role') return path[0] ?? kind;
  return path.at(-1) || kind;
}
