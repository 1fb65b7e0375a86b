/** Options of the commands that concern AWS: which stack, in which region, with whose credentials. */
import type { Command } from 'commander';
import { type AwsAccess, awsSettings } from '../../core/config/dotenv.ts';
import { UsageError } from '../../core/errors/errors.ts';
import { defaultStackName } from '../../ports/account/stack.ts';

export interface CloudOptions {
  stack?: string;
  region?: string;
}

export function cloudOptions(command: Command): Command {
  return command
    .option('--stack <name>', "the stack's name; default: what GCD_STACK says, else gcd-sfn")
    .option('--region <region>', 'the AWS region; default: that of your environment, .env or profile');
}

/** Names of functions and queues begin with the stack's, and have limits of their own. */
const stackNames = /^[A-Za-z][A-Za-z0-9-]{0,31}$/;

/** @throws UsageError */
export function stackName({ stack }: CloudOptions): string {
  const name = stack ?? (process.env.GCD_STACK || defaultStackName);
  if (stackNames.test(name)) return name;
  throw new UsageError(`'${name}' cannot be the name of a stack`, {
    hint: 'Take up to 32 letters, digits and hyphens, the first a letter.',
  });
}

/**
 * Keys of the environment or of `.env` here, else null, which leaves it to the profile and the like; the region that
 * was asked for, if one was.
 */
export async function cloudAccess({ region }: CloudOptions): Promise<AwsAccess> {
  const settings = await awsSettings(process.cwd());
  return { ...settings, region: region ?? settings.region };
}
