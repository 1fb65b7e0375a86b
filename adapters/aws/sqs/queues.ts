/** Queues in SQS, one an execution. Whose a queue is, its tags say: names of stacks may begin alike. */
import { createHash } from 'node:crypto';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { NotOurs, Throttled } from '../../../core/errors/errors.ts';
import type { Queues } from '../../../ports/cluster/queues.ts';
import { answered, answeredUnless, nameOf } from '../client/answers.ts';
import { type Asked, translated } from '../client/errors.ts';
import { clientSettings } from '../client/settings.ts';
import type { AwsAccess } from '../s3/client.ts';

/** Seconds: as long as a worker may be silent before its batch goes to another. */
const visibility = 120;
/** Seconds: longer than a batch may wait for its worker. */
const retention = 24 * 3600;
/** SQS takes names of at most 80 characters. */
const longestName = 80;
const stackTag = 'gcd-sfn:stack';
const executionTag = 'gcd-sfn:execution';
const absent = ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue', 'NonExistentQueue'] as const;

export class SqsQueues implements Queues {
  readonly #prefix: string;
  readonly #client: SQSClient;
  readonly #identity: STSClient;

  /** @param options.prefix the stack's name */
  constructor({ access, prefix }: { access: AwsAccess; prefix: string }) {
    this.#prefix = prefix;
    this.#client = new SQSClient(clientSettings(access));
    this.#identity = new STSClient(clientSettings(access));
  }

  async find(execution: string): Promise<string | undefined> {
    const found = await this.#named(execution);
    return found?.isOurs ? found.url : undefined;
  }

  /**
   * @throws NotOurs when another stack has a queue of that name; Throttled for a minute after one of that name was
   *   removed, because SQS keeps the name that long
   */
  async create(execution: string, tags: Record<string, string>): Promise<string> {
    const there = await this.#named(execution);
    if (there) return this.#ours(execution, there);
    const QueueName = this.#nameOf(execution);
    try {
      const { QueueUrl = '' } = await this.#client.send(
        new CreateQueueCommand({
          QueueName,
          Attributes: {
            VisibilityTimeout: String(visibility),
            MessageRetentionPeriod: String(retention),
            SqsManagedSseEnabled: 'true',
            Policy: JSON.stringify(onlyTls(await this.#arnOf(QueueName))),
          },
          tags: { ...tags, managedBy: 'gcd-sfn', [stackTag]: this.#prefix, [executionTag]: execution },
        }),
      );
      return QueueUrl;
    } catch (error) {
      if (/QueueDeletedRecently$/.test(nameOf(error)))
        throw new Throttled(`queue ${QueueName} was removed less than a minute ago`, {
          hint: 'SQS gives the name again after a minute.',
          cause: error,
        });
      // Somebody else was faster.
      const made = /QueueNameExists|QueueAlreadyExists/.test(nameOf(error)) && (await this.#named(execution));
      if (made) return this.#ours(execution, made);
      throw translated(error, this.#asked('sqs:CreateQueue', QueueName));
    }
  }

  async remove(execution: string): Promise<void> {
    const QueueUrl = await this.find(execution);
    if (QueueUrl === undefined) return;
    await answeredUnless(
      absent,
      this.#asked('sqs:DeleteQueue', this.#nameOf(execution)),
      this.#client.send(new DeleteQueueCommand({ QueueUrl })),
    );
  }

  async list(): Promise<string[]> {
    const urls: string[] = [];
    let NextToken: string | undefined;
    do {
      const page = await answered(
        this.#asked('sqs:ListQueues', '*'),
        this.#client.send(
          new ListQueuesCommand({ QueueNamePrefix: `${this.#prefix}-`, MaxResults: 1000, NextToken }),
        ),
      );
      urls.push(...(page.QueueUrls ?? []));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    const executions: string[] = [];
    for (const url of urls) {
      const tags = await this.#tagsOf(url);
      const execution = tags?.[executionTag];
      if (execution !== undefined && tags?.[stackTag] === this.#prefix) executions.push(execution);
    }
    return executions;
  }

  async #named(execution: string): Promise<{ url: string; isOurs: boolean } | undefined> {
    const QueueName = this.#nameOf(execution);
    const found = await answeredUnless(
      absent,
      this.#asked('sqs:GetQueueUrl', QueueName),
      this.#client.send(new GetQueueUrlCommand({ QueueName })),
    );
    const url = found?.QueueUrl;
    if (url === undefined) return undefined;
    const tags = await this.#tagsOf(url);
    // A queue that is gone may be found by its name for a minute.
    return tags && { url, isOurs: tags[stackTag] === this.#prefix && tags[executionTag] === execution };
  }

  /** Undefined when the queue is gone. */
  async #tagsOf(QueueUrl: string): Promise<Record<string, string> | undefined> {
    const found = await answeredUnless(
      absent,
      this.#asked('sqs:ListQueueTags', QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1)),
      this.#client.send(new ListQueueTagsCommand({ QueueUrl })),
    );
    return found && (found.Tags ?? {});
  }

  #ours(execution: string, { url, isOurs }: { url: string; isOurs: boolean }): string {
    if (isOurs) return url;
    throw new NotOurs(`there is a queue ${this.#nameOf(execution)} that this stack did not make`, {
      hint: `Remove it, or give the run another name. Queues of this stack carry the tag ${stackTag}=${this.#prefix}.`,
    });
  }

  /** What is too long is cut, and told apart by its digest. */
  #nameOf(execution: string): string {
    const name = `${this.#prefix}-${execution}`;
    if (name.length <= longestName) return name;
    const digest = createHash('sha256').update(name).digest('hex').slice(0, 12);
    return `${name.slice(0, longestName - digest.length - 1)}-${digest}`;
  }

  /** An endpoint says nothing of the account, and a policy has to name its queue. */
  async #arnOf(name: string): Promise<string> {
    const { Arn = '', Account } = await answered(
      { action: 'sts:GetCallerIdentity', arn: '*', what: 'the number of the AWS account' },
      this.#identity.send(new GetCallerIdentityCommand({})),
    );
    return `arn:${Arn.split(':')[1]}:sqs:${await this.#client.config.region()}:${Account}:${name}`;
  }

  #asked(action: string, name: string): Asked {
    return { action, arn: `arn:aws:sqs:*:*:${this.#prefix}-*`, what: `queue ${name}` };
  }
}

const onlyTls = (arn: string) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'OnlyTls',
      Effect: 'Deny',
      Principal: '*',
      Action: 'sqs:*',
      Resource: arn,
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ],
});
