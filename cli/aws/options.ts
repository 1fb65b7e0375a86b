/** Options of the AWS commands: stack, region, credentials. */
import type { Command } from 'commander';
import { type AwsAccess, awsSettings } from '../../core/config/dotenv.ts';
import { UsageError } from '../../core/errors/errors.ts';
import { defaultStackName } from '../../core/stack.ts';

export interface StackOptions {
  stack?: string;
  region?: string;
}

export function stackOptions(command: Command): Command {
  return command
    .option('--stack <name>', 'name of the stack; default: GCD_STACK, else gcd-sfn')
    .option('--region <region>', 'AWS region; default: the one in your environment, .env or profile');
}

/** Names of functions and queues start with the stack's name and have a maximum length. */
const stackNames = /^[A-Za-z][A-Za-z0-9-]{0,31}$/;

/** @throws UsageError */
export function stackName({ stack }: StackOptions): string {
  const name = stack ?? (process.env.GCD_STACK || defaultStackName);
  if (stackNames.test(name)) return name;
  throw new UsageError(`'${name}' is not a valid stack name`, {
    hint: 'Use up to 32 letters, digits and hyphens, starting with a letter.',
  });
}

/**
 * Static keys from the environment or from `.env` in the current folder; null: the SDK's default chain finds them.
 * `--region` overrides the configured region.
 */
export async function awsAccess({ region }: StackOptions): Promise<AwsAccess> {
  const settings = await awsSettings(process.cwd());
  return { ...settings, region: region ?? settings.region };
}
