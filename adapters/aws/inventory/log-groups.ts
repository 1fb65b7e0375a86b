/**
 * Log groups of clusters. EKS creates them without tags; they get ours before their cluster is deleted, so that they are
 * known afterwards.
 */
import {
  type CloudWatchLogsClient,
  DeleteLogGroupCommand,
  ListTagsForResourceCommand,
  type LogGroup,
  paginateDescribeLogGroups,
  TagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Resource } from '../../../ports/account/inventory.ts';
import type { RequestContext } from '../client/errors.ts';
import { clusterTag, isOfStack, stackTags } from '../client/tags.ts';
import { find, listAll, type ResourceHandler, startDeletion } from './resource-kind.ts';

const prefix = '/aws/eks/';
const clusterOf = (name: string): string => name.slice(prefix.length).split('/')[0] ?? '';

export class LogGroups implements ResourceHandler {
  readonly #logs: CloudWatchLogsClient;
  readonly #stack: string;

  constructor(logs: CloudWatchLogsClient, stack: string) {
    this.#logs = logs;
    this.#stack = stack;
  }

  async list(clusters: { name: string }[]): Promise<Resource[]> {
    const found: Resource[] = [];
    const ours = new Set(clusters.map(({ name }) => name));
    for (const group of await this.#groups(prefix)) {
      const { logGroupName: name = '', creationTime } = group;
      const cluster = clusterOf(name);
      if (!ours.has(cluster) && !(await this.#isOurs(group))) continue;
      const since = creationTime === undefined ? null : creationTime / 1000;
      found.push({ kind: 'log-group', name, cluster, since });
    }
    return found;
  }

  async state({ name }: Resource): Promise<'exists' | 'deleted'> {
    return (await this.#groups(name)).some(({ logGroupName }) => logGroupName === name)
      ? 'exists'
      : 'deleted';
  }

  remove({ name }: Resource): Promise<void> {
    return startDeletion(
      contextOf('DeleteLogGroup', name),
      this.#logs.send(new DeleteLogGroupCommand({ logGroupName: name })),
    );
  }

  /** Tags the log groups of a cluster. */
  async claim(cluster: string): Promise<void> {
    for (const group of await this.#groups(`${prefix}${cluster}/`)) {
      const tags = { ...stackTags(this.#stack), [clusterTag]: cluster };
      await find(
        contextOf('TagResource', group.logGroupName ?? ''),
        this.#logs.send(new TagResourceCommand({ resourceArn: arnOf(group), tags })),
      );
    }
  }

  #groups(logGroupNamePrefix: string): Promise<LogGroup[]> {
    return listAll(
      contextOf('DescribeLogGroups', '*'),
      paginateDescribeLogGroups({ client: this.#logs }, { logGroupNamePrefix }),
      ({ logGroups }) => logGroups,
    );
  }

  async #isOurs(group: LogGroup): Promise<boolean> {
    const found = await find(
      contextOf('ListTagsForResource', group.logGroupName ?? ''),
      this.#logs.send(new ListTagsForResourceCommand({ resourceArn: arnOf(group) })),
    );
    return isOfStack(found?.tags ?? {}, this.#stack);
  }
}

/** Requests about tags need the ARN without its star. */
const arnOf = ({ arn = '' }: LogGroup): string => arn.replace(/:\*$/, '');

const contextOf = (verb: string, name: string): RequestContext => ({
  action: `logs:${verb}`,
  arn: name === '*' ? '*' : `arn:aws:logs:*:*:log-group:${prefix}*`,
  what: name === '*' ? 'log groups' : `log group ${name}`,
});
