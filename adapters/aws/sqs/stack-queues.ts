/** The queues of a stack's executions. Their tags say whose they are, as names of stacks may start alike. */
import {
  DeleteQueueCommand,
  ListQueueTagsCommand,
  paginateListQueues,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { RequestContext } from '../client/errors.ts';
import { collect, send, sendOptional } from '../client/send.ts';
import { executionTag, isOfStack, type Tags } from '../client/tags.ts';

export class StackQueues {
  readonly #client: SQSClient;
  readonly #stack: string;

  constructor(client: SQSClient, stack: string) {
    this.#client = client;
    this.#stack = stack;
  }

  /** Addresses by execution. */
  async list(): Promise<Map<string, string>> {
    const urls = await send(
      this.context('ListQueues', '*'),
      collect(
        paginateListQueues({ client: this.#client, pageSize: 1000 }, { QueueNamePrefix: `${this.#stack}-` }),
        ({ QueueUrls }) => QueueUrls,
      ),
    );
    const found = new Map<string, string>();
    for (const url of urls) {
      const execution = this.executionOf((await this.tags(url)) ?? {});
      if (execution !== undefined) found.set(execution, url);
    }
    return found;
  }

  /** @returns undefined when the queue was deleted */
  async tags(QueueUrl: string): Promise<Tags | undefined> {
    const found = await sendOptional(
      this.context('ListQueueTags', QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1)),
      this.#client.send(new ListQueueTagsCommand({ QueueUrl })),
    );
    return found && (found.Tags ?? {});
  }

  /** The execution that a queue with these tags is for; undefined when it is not the stack's. */
  executionOf(tags: Tags): string | undefined {
    return isOfStack(tags, this.#stack) ? tags[executionTag] : undefined;
  }

  /** A queue that does not exist is no error. */
  async delete(name: string, QueueUrl: string): Promise<void> {
    await sendOptional(
      this.context('DeleteQueue', name),
      this.#client.send(new DeleteQueueCommand({ QueueUrl })),
      'not-found',
      'in-use',
    );
  }

  context(verb: string, name: string): RequestContext {
    return {
      action: `sqs:${verb}`,
      arn: `arn:aws:sqs:*:*:${this.#stack}-*`,
      what: name === '*' ? 'queues' : `queue ${name}`,
    };
  }
}
