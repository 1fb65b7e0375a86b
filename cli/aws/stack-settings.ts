/** Options of `deploy` that set parameters of the stack. A later deploy without an option keeps what is set. */
import type { Command } from 'commander';
import { maxDiskGiB, maxNodesOfGroup, minDiskGiB } from '../../core/cluster-limits.ts';
import { UsageError } from '../../core/errors/errors.ts';
import { instancePattern, limitParameters } from '../../core/stack-limits.ts';
import { collect } from '../parse.ts';

export interface StackSetting {
  /** As commander takes it; all of them may be given more than once, and the last counts where there is room for one. */
  flags: string;
  help: string;
  /** Of the stack's template. */
  parameter: string;
  /** Takes back what is set: the parameter is again as the template has it. */
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
    help: 'a managed policy that workers get beside their own; may be given more than once; none: no more',
    parameter: 'PodPolicyArns',
    clear: 'none',
    value: (given) => unique(given.map(policyArn)).join(','),
  },
  {
    flags: '--data-bucket <bucket>',
    help: 'a bucket, by name or ARN, that runs may read data from, and no other; may be given more than once; any: all again',
    parameter: 'DataBuckets',
    clear: 'any',
    value: (given, partition) => unique(given.flatMap((one) => bucketArns(one, partition))).join(','),
  },
  {
    flags: '--notify-topic <arn>',
    help: "a topic of yours, beside the stack's own, that runs may have told of their ends; may be given more than once; none: no more",
    parameter: 'NotifyTopics',
    clear: 'none',
    value: (given) => unique(given.map(topicArn)).join(','),
  },
  {
    flags: '--max-nodes <count>',
    help: 'most nodes of a run, and of a nodegroup; default: 100 again',
    parameter: limitParameters.maxNodes,
    clear: 'default',
    value: (given) => wholeOf('--max-nodes', given, 1, maxNodesOfGroup),
  },
  {
    flags: '--instance-types <patterns>',
    help: 'instance types that nodes may be of, as patterns with * and ?, after ! those that they may not; default: no accelerators, no bare metal, at most 96 processors',
    parameter: limitParameters.instanceTypes,
    clear: 'default',
    value: (given) => unique(given.flatMap((one) => one.split(',').map(instanceTypes))).join(','),
  },
  {
    flags: '--max-disk <GiB>',
    help: 'most disk of a node; default: 1000 again',
    parameter: limitParameters.maxDiskGiB,
    clear: 'default',
    value: (given) => wholeOf('--max-disk', given, minDiskGiB, maxDiskGiB),
  },
];

/** Adds them to a command. */
export function settingOptions(command: Command): Command {
  for (const { flags, help } of stackSettings) command.option(flags, help, collect, []);
  return command;
}

/**
 * What was given, by the names of the template's parameters; null: as the template has it. What was not given is not in it.
 * @param options of commander
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
      throw new UsageError(`${nameOf(flags)} ${clear} takes back what is set, and stands alone`);
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
  throw new UsageError(`'${text}' is no ARN of a managed policy`, {
    hint: 'Such as arn:aws:iam::123456789012:policy/reads-secrets; none takes back what is set.',
  });
}

function topicArn(text: string): string {
  if (/^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w.-]+$/.test(text)) return text;
  throw new UsageError(`'${text}' is no ARN of a topic`, {
    hint: 'Such as arn:aws:sns:us-east-1:123456789012:ends-of-runs; none takes back what is set.',
  });
}

/** The last that was given. */
function wholeOf(option: string, given: string[], least: number, most: number): string {
  const [text = ''] = given.slice(-1);
  if (/^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most) return String(Number(text));
  throw new UsageError(`${option} must be a whole number from ${least} to ${most}, not '${text}'`, {
    hint: `${option} default takes back what is set.`,
  });
}

function instanceTypes(text: string): string {
  const pattern = text.trim();
  if (instancePattern.test(pattern)) return pattern;
  throw new UsageError(`'${pattern}' is no pattern of instance types`, {
    hint: "Such as 'm6i.*' or 'c*,m*,!*.metal*'; default takes back what is set.",
  });
}

/** The bucket, which is listed, and what is in it. */
function bucketArns(text: string, partition: string): string[] {
  const [, ofArn, inside] =
    /^(arn:aws[\w-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(\/[^,]*)?$/.exec(text) ?? [];
  const [, name] = /^(?:s3:\/\/)?([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/?$/.exec(text) ?? [];
  if (name === undefined && ofArn === undefined)
    throw new UsageError(`'${text}' is neither the name nor the ARN of a bucket`, {
      hint: 'Such as my-data, or arn:aws:s3:::my-data/2026/* for a part of it; any takes back what is set.',
    });
  const arn = ofArn ?? `arn:${partition}:s3:::${name}`;
  return [arn, `${arn}${inside && inside !== '/' ? inside : '/*'}`];
}
