/** The stack: its default name, and the limits that it sets on runs. */
import { LimitExceeded } from './errors/errors.ts';

/** The stack's name by default. */
export const defaultStackName = 'gcd-sfn';

export interface StackLimits {
  /** Of a run, and of a nodegroup. */
  maxNodes: number;
  /** Patterns with * and ?, comma separated; a leading ! excludes. */
  instanceTypes: string;
  /** Of a node. */
  maxDiskGiB: number;
}

/** Names of the stack's parameters and outputs. */
export const limitParameters = {
  maxNodes: 'MaxNodes',
  instanceTypes: 'InstanceTypes',
  maxDiskGiB: 'MaxDiskGiB',
} as const;

/** What a run requests; an absent value is not checked. */
export interface RequestedNodes {
  nodes?: number;
  nodegroup: { instanceType: string; diskGiB: number };
}

/** @throws LimitExceeded, which names the parameter of the stack */
export function refuseAbove(limits: StackLimits, { nodes = 0, nodegroup }: RequestedNodes): void {
  const { instanceType, diskGiB } = nodegroup;
  if (!isAllowed(limits.instanceTypes, instanceType))
    throw beyond(`instance type ${instanceType}`, 'instanceTypes', limits, {
      less: 'Use another type: instance_type in config.yaml',
      more: `--instance-types '${limits.instanceTypes},${instanceType}'`,
    });
  if (nodes > limits.maxNodes)
    throw beyond(`${nodes} nodes`, 'maxNodes', limits, {
      less: 'Use fewer: --scalenodes',
      more: `--max-nodes ${nodes}`,
    });
  if (diskGiB > limits.maxDiskGiB)
    throw beyond(`a disk of ${diskGiB} GiB for each node`, 'maxDiskGiB', limits, {
      less: 'Use less: volumeSize in cluster.yaml, or fewer workers_per_node in config.yaml',
      more: `--max-disk ${diskGiB}`,
    });
}

const beyond = (
  what: string,
  limit: keyof StackLimits,
  limits: StackLimits,
  { less, more }: { less: string; more: string },
) =>
  new LimitExceeded(
    `${what}: the stack does not allow that, its ${limitParameters[limit]} is ${limits[limit]}`,
    {
      hint: `${less}. Or have the stack's administrator allow it: gcd-sfn deploy ${more}`,
    },
  );

/** @param patterns as in `StackLimits` */
export function isAllowed(patterns: string, instanceType: string): boolean {
  const all = patterns.split(',').map((pattern) => pattern.trim());
  const matches = (pattern: string) => matcher(pattern).test(instanceType);
  const not = all.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  return all.some((pattern) => !pattern.startsWith('!') && matches(pattern)) && !not.some(matches);
}

function matcher(pattern: string): RegExp {
  const source = pattern.replace(/[^\w-]/g, (one) => (one === '*' ? '.*' : one === '?' ? '.' : `\\${one}`));
  return new RegExp(`^${source}$`);
}

/** A pattern of instance types, as in CloudFormation's AllowedPattern. */
export const instancePattern: RegExp = /^!?[a-z0-9*?][a-z0-9*?.-]{0,60}$/;
