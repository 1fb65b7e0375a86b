/** Queues of executions. */
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Resource } from '../../../ports/account/inventory.ts';
import { StackQueues } from '../sqs/stack-queues.ts';
import { find, type ResourceHandler } from './resource-kind.ts';

export function queues(sqs: SQSClient, stack: string): ResourceHandler {
  const ours = new StackQueues(sqs, stack);
  return {
    async list() {
      const found: Resource[] = [];
      for (const [name, QueueUrl] of await ours.list()) {
        const request = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['CreatedTimestamp'] });
        const answer = await find(ours.context('GetQueueAttributes', name), sqs.send(request));
        const created = answer?.Attributes?.CreatedTimestamp;
        const since = created === undefined ? null : Number(created);
        found.push({ kind: 'queue', name, cluster: null, since });
      }
      return found;
    },

    state: async ({ name }) => ((await ours.list()).has(name) ? 'exists' : 'deleted'),

    async remove({ name }) {
      const url = (await ours.list()).get(name);
      if (url !== undefined) await ours.delete(name, url);
    },
  };
}
