/**
 * Log groups of clusters. EKS makes them without tags; so that they are known when their cluster is gone, they get ours
 * just before it goes.
 */
import {
  type CloudWatchLogsClient,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand,
  type LogGroup,
  TagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Resource } from '../../../ports/account/inventory.ts';
import type { Asked } from '../client/errors.ts';
import { ask, askGone, isOurs, type Part, pages } from './resource-kind.ts';

const prefix = '/aws/eks/';
const clusterOf = (name: string): string => name.slice(prefix.length).split('/')[0] ?? '';

export class LogGroups implements Part {
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
      if (!ours.has(cluster) && !(await this.#hasOurTags(group))) continue;
      const since = creationTime === undefined ? null : creationTime / 1000;
      found.push({ kind: 'log-group', name, cluster, since });
    }
    return found;
  }

  async state({ name }: Resource): Promise<'there' | 'gone'> {
    return (await this.#groups(name)).some(({ logGroupName }) => logGroupName === name) ? 'there' : 'gone';
  }

  async remove({ name }: Resource): Promise<void> {
    await askGone(asked('DeleteLogGroup', name), () =>
      this.#logs.send(new DeleteLogGroupCommand({ logGroupName: name })),
    );
  }

  /** Puts our tags on what a cluster that is about to go has. */
  async claim(cluster: string): Promise<void> {
    for (const group of await this.#groups(`${prefix}${cluster}/`)) {
      const resourceArn = arnOf(group);
      const tags = { managedBy: 'gcd-sfn', 'gcd-sfn:stack': this.#stack, 'gcd-sfn:cluster': cluster };
      await ask(asked('TagResource', group.logGroupName ?? ''), () =>
        this.#logs.send(new TagResourceCommand({ resourceArn, tags })),
      );
    }
  }

  #groups(logGroupNamePrefix: string): Promise<LogGroup[]> {
    return pages(
      asked('DescribeLogGroups', '*'),
      (nextToken) => this.#logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix, nextToken })),
      ({ logGroups, nextToken }) => ({ items: logGroups, next: nextToken }),
    );
  }

  async #hasOurTags(group: LogGroup): Promise<boolean> {
    const found = await ask(asked('ListTagsForResource', group.logGroupName ?? ''), () =>
      this.#logs.send(new ListTagsForResourceCommand({ resourceArn: arnOf(group) })),
    );
    return isOurs(found?.tags ?? {}, this.#stack);
  }
}

/** Where tags are meant, the ARN has no star at its end. */
const arnOf = ({ arn = '' }: LogGroup): string => arn.replace(/:\*$/, '');

const asked = (verb: string, name: string): Asked => ({
  action: `logs:${verb}`,
  arn: name === '*' ? '*' : `arn:aws:logs:*:*:log-group:${prefix}*`,
  what: name === '*' ? 'log groups' : `log group ${name}`,
});
