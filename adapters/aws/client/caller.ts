/** Whose credentials these are, and which region they are used in. */
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { UsageError } from '../../../core/errors/errors.ts';
import type { AwsAccess } from '../s3/client.ts';
import { translated } from './errors.ts';
import { clientSettings } from './settings.ts';

export interface Caller {
  /** Number of the account. */
  account: string;
  /** Of the user, or of the session of a role. */
  arn: string;
  region: string;
}

/**
 * Asks AWS whose the credentials are.
 * @throws UsageError when no region is known; Unreachable when there are no valid credentials
 */
export async function callerOf(access: AwsAccess): Promise<Caller> {
  const asked = { action: 'sts:GetCallerIdentity', arn: '*', what: "the credentials' owner" };
  const client = new STSClient(clientSettings(access));
  const region = await client.config.region().catch((error) => {
    throw new UsageError('no AWS region is known', {
      hint: 'Give --region us-west-2, or another, or set AWS_REGION.',
      cause: error,
    });
  });
  try {
    const { Account = '', Arn = '' } = await client.send(new GetCallerIdentityCommand({}));
    return { account: Account, arn: Arn, region };
  } catch (error) {
    throw translated(error, asked);
  } finally {
    client.destroy();
  }
}

/** The last part of a caller's ARN: the user's name, or the name of the role that was taken. */
export function iamName(arn: string): string {
  const [, kind = '', ...rest] = /[^:]*$/.exec(arn)?.[0].match(/^([^/]+)\/?(.*)$/) ?? [];
  const path = (rest[0] ?? '').split('/');
  if (kind === 'assumed-role') return path[0] ?? kind;
  return path.at(-1) || kind;
}
