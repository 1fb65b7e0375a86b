/** Queues of executions: by the beginnings of their names, and by their tags, since names of stacks may begin alike. */
import {
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Resource } from '../../../ports/account/inventory.ts';
import type { Asked } from '../client/errors.ts';
import { ask, askGone, isOurs, type Part, pages } from './resource-kind.ts';

const executionTag = 'gcd-sfn:execution';

export function queuesPart(sqs: SQSClient, stack: string): Part {
  const asked = (verb: string, name: string): Asked => ({
    action: `sqs:${verb}`,
    arn: `arn:aws:sqs:*:*:${stack}-*`,
    what: name === '*' ? 'queues' : `queue of ${name}`,
  });

  /** Addresses by execution. */
  const all = async (): Promise<Map<string, string>> => {
    const urls = await pages(
      asked('ListQueues', '*'),
      (NextToken) =>
        sqs.send(new ListQueuesCommand({ QueueNamePrefix: `${stack}-`, MaxResults: 1000, NextToken })),
      ({ QueueUrls, NextToken }) => ({ items: QueueUrls, next: NextToken }),
    );
    const found = new Map<string, string>();
    for (const url of urls) {
      const answer = await ask(asked('ListQueueTags', '*'), () =>
        sqs.send(new ListQueueTagsCommand({ QueueUrl: url })),
      );
      const execution = answer?.Tags?.[executionTag];
      if (answer && execution !== undefined && isOurs(answer.Tags ?? {}, stack)) found.set(execution, url);
    }
    return found;
  };

  return {
    async list() {
      const found: Resource[] = [];
      for (const [name, QueueUrl] of await all()) {
        const answer = await ask(asked('GetQueueAttributes', name), () =>
          sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['CreatedTimestamp'] })),
        );
        const made = answer?.Attributes?.CreatedTimestamp;
        found.push({ kind: 'queue', name, cluster: null, since: made === undefined ? null : Number(made) });
      }
      return found;
    },

    state: async ({ name }) => ((await all()).has(name) ? 'there' : 'gone'),

    async remove({ name }) {
      const QueueUrl = (await all()).get(name);
      if (QueueUrl === undefined) return;
      await askGone(asked('DeleteQueue', name), () => sqs.send(new DeleteQueueCommand({ QueueUrl })));
    },
  };
}
