/** Options of `deploy` that set stack parameters. A later deploy without an option keeps the parameter. */
import type { Command } from 'commander';
import { maxDiskGiB, maxNodesOfGroup, minDiskGiB } from '../../../core/cluster.ts';
import { UsageError } from '../../../core/errors/errors.ts';
import { instancePattern, limitParameters } from '../../../core/stack.ts';
import { collect } from '../../options.ts';

export interface StackSetting {
  /** For commander. Every option is repeatable; where one value is allowed, the last one wins. */
  flags: string;
  help: string;
  /** Name in the stack's template. */
  parameter: string;
  /** Value that resets the parameter to the template's default. */
  clear: string;
  /**
   * The parameter's value.
   * @param partition of the account's ARNs, such as `aws`
   * @throws UsageError
   */
  value(given: string[], partition: string): string;
}

export const stackSettings: StackSetting[] = [
  {
    flags: '--pod-policy <arn>',
    help: "an extra managed policy for the workers' role; repeatable; none: no extra policy",
    parameter: 'PodPolicyArns',
    clear: 'none',
    value: (given) => unique(given.map(policyArn)).join(','),
  },
  {
    flags: '--data-bucket <bucket>',
    help: 'restrict data to this bucket (name or ARN); repeatable; any: every bucket',
    parameter: 'DataBuckets',
    clear: 'any',
    value: (given, partition) => unique(given.flatMap((one) => bucketArns(one, partition))).join(','),
  },
  {
    flags: '--notify-topic <arn>',
    help: "an SNS topic that runs may notify, besides the stack's own; repeatable; none: only the stack's own",
    parameter: 'NotifyTopics',
    clear: 'none',
    value: (given) => unique(given.map(topicArn)).join(','),
  },
  {
    flags: '--max-nodes <count>',
    help: 'maximum nodes of a run and of a nodegroup; default: 100',
    parameter: limitParameters.maxNodes,
    clear: 'default',
    value: (given) => wholeOf('--max-nodes', given, 1, maxNodesOfGroup),
  },
  {
    flags: '--instance-types <patterns>',
    help: 'allowed instance types: patterns with * and ?, ! excludes; default: no accelerators, no bare metal, at most 96 vCPUs',
    parameter: limitParameters.instanceTypes,
    clear: 'default',
    value: (given) => unique(given.flatMap((one) => one.split(',').map(instanceTypes))).join(','),
  },
  {
    flags: '--max-disk <GiB>',
    help: 'maximum disk of a node; default: 1000',
    parameter: limitParameters.maxDiskGiB,
    clear: 'default',
    value: (given) => wholeOf('--max-disk', given, minDiskGiB, maxDiskGiB),
  },
];

/** Adds the options to a command. */
export function settingOptions(command: Command): Command {
  for (const { flags, help } of stackSettings) command.option(flags, help, collect, []);
  return command;
}

/**
 * Values of the given options by template parameter; null resets a parameter. Options that are not given are left out.
 * @param options commander's
 * @throws UsageError
 */
export function parametersOf(
  options: Record<string, unknown>,
  partition: string,
): Record<string, string | null> {
  const found: Record<string, string | null> = {};
  for (const { flags, parameter, clear, value } of stackSettings) {
    const given = (options[keyOf(flags)] ?? []) as string[];
    if (given.length === 0) continue;
    if (given.includes(clear) && given.length > 1)
      throw new UsageError(`${nameOf(flags)} ${clear} resets the setting and cannot be combined`);
    found[parameter] = given[0] === clear ? null : value(given, partition);
  }
  return found;
}

const nameOf = (flags: string): string => flags.split(' ')[0] ?? flags;
const keyOf = (flags: string): string =>
  nameOf(flags)
    .slice(2)
    .replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

const unique = (values: string[]): string[] => [...new Set(values)];

function policyArn(text: string): string {
  if (/^arn:aws[\w-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]+$/.test(text) && !text.includes(',')) return text;
  throw new UsageError(`'${text}' is not the ARN of a managed policy`, {
    hint: 'Example: arn:aws:iam::123456789012:policy/reads-secrets; none resets the setting.',
  });
}

function topicArn(text: string): string {
  if (/^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w.-]+$/.test(text)) return text;
  throw new UsageError(`'${text}' is not the ARN of an SNS topic`, {
    hint: 'Example: arn:aws:sns:us-east-1:123456789012:ends-of-runs; none resets the setting.',
  });
}

/** The last given value. */
function wholeOf(option: string, given: string[], min: number, max: number): string {
  const [text = ''] = given.slice(-1);
  if (/^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max) return String(Number(text));
  throw new UsageError(`${option} must be a whole number from ${min} to ${max}, not '${text}'`, {
    hint: `${option} default resets the setting.`,
  });
}

function instanceTypes(text: string): string {
  const pattern = text.trim();
  if (instancePattern.test(pattern)) return pattern;
  throw new UsageError(`'${pattern}' is not a pattern of instance types`, {
    hint: "Examples: 'm6i.*' or 'c*,m*,!*.metal*'; default resets the setting.",
  });
}

/** ARN of the bucket, for listing, and of its objects. */
function bucketArns(text: string, partition: string): string[] {
  const [, ofArn, inside] =
    /^(arn:aws[\w-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(\/[^,]*)?$/.exec(text) ?? [];
  const [, name] = /^(?:s3:\/\/)?([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/?$/.exec(text) ?? [];
  if (name === undefined && ofArn === undefined)
    throw new UsageError(`'${text}' is neither the name nor the ARN of a bucket`, {
      hint: 'Examples: my-data, or arn:aws:s3:::my-data/2026/* for a part of it; any resets the setting.',
    });
  const arn = ofArn ?? `arn:${partition}:s3:::${name}`;
  return [arn, `${arn}${inside && inside !== '/' ? inside : '/*'}`];
}
