/** Queues in SQS, one an execution. */
import { createHash } from 'node:crypto';
import { CreateQueueCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { AwsAccess } from '../../../core/config/dotenv.ts';
import { NotOurs, Throttled } from '../../../core/errors/errors.ts';
import type { Queues } from '../../../ports/cluster/queues.ts';
import { meets } from '../client/error-codes.ts';
import { errorFor } from '../client/errors.ts';
import { send, sendOptional } from '../client/send.ts';
import { clientSettings } from '../client/settings.ts';
import { executionTag, stackTag, stackTags } from '../client/tags.ts';
import { StackQueues } from './stack-queues.ts';

/** Seconds after which another worker gets the batch of a silent one. */
const visibilityTimeout = 120;
/** Seconds: longer than a batch may wait for its worker. */
const retention = 24 * 3600;
/** Characters: a limit of SQS. */
const maxNameLength = 80;

export class SqsQueues implements Queues {
  readonly #stack: string;
  readonly #client: SQSClient;
  readonly #sts: STSClient;
  readonly #queues: StackQueues;

  /** @param options.prefix the stack's name */
  constructor({ access, prefix }: { access: AwsAccess; prefix: string }) {
    this.#stack = prefix;
    this.#client = new SQSClient(clientSettings(access));
    this.#sts = new STSClient(clientSettings(access));
    this.#queues = new StackQueues(this.#client, prefix);
  }

  async find(execution: string): Promise<string | undefined> {
    const found = await this.#byName(execution);
    return found?.isOurs ? found.url : undefined;
  }

  /**
   * @throws NotOurs when the name is another stack's queue; Throttled for a minute after a queue of that name was deleted,
   *   because SQS keeps the name that long
   */
  async create(execution: string, tags: Record<string, string>): Promise<string> {
    const existing = await this.#byName(execution);
    if (existing) return this.#ours(execution, existing);
    const QueueName = this.#nameOf(execution);
    const context = this.#queues.context('CreateQueue', QueueName);
    try {
      const { QueueUrl = '' } = await this.#client.send(
        new CreateQueueCommand({
          QueueName,
          Attributes: {
            VisibilityTimeout: String(visibilityTimeout),
            MessageRetentionPeriod: String(retention),
            SqsManagedSseEnabled: 'true',
            Policy: JSON.stringify(onlyTls(await this.#arnOf(QueueName))),
          },
          tags: { ...tags, ...stackTags(this.#stack), [executionTag]: execution },
        }),
      );
      return QueueUrl;
    } catch (error) {
      if (meets(error, context.action, 'in-use'))
        throw new Throttled(`queue ${QueueName} was removed less than a minute ago`, {
          hint: 'SQS gives the name again after a minute.',
          cause: error,
        });
      // A concurrent call was faster.
      const made = meets(error, context.action, 'exists') && (await this.#byName(execution));
      if (made) return this.#ours(execution, made);
      throw errorFor(error, context);
    }
  }

  async remove(execution: string): Promise<void> {
    const url = await this.find(execution);
    if (url !== undefined) await this.#queues.delete(this.#nameOf(execution), url);
  }

  async list(): Promise<string[]> {
    return [...(await this.#queues.list()).keys()];
  }

  async #byName(execution: string): Promise<{ url: string; isOurs: boolean } | undefined> {
    const QueueName = this.#nameOf(execution);
    const found = await sendOptional(
      this.#queues.context('GetQueueUrl', QueueName),
      this.#client.send(new GetQueueUrlCommand({ QueueName })),
    );
    const url = found?.QueueUrl;
    if (url === undefined) return undefined;
    // For a minute, a deleted queue is still found by its name.
    const tags = await this.#queues.tags(url);
    return tags && { url, isOurs: this.#queues.executionOf(tags) === execution };
  }

  #ours(execution: string, { url, isOurs }: { url: string; isOurs: boolean }): string {
    if (isOurs) return url;
    throw new NotOurs(`there is a queue ${this.#nameOf(execution)} that this stack did not make`, {
      hint: `Remove it, or give the run another name. Queues of this stack carry the tag ${stackTag}=${this.#stack}.`,
    });
  }

  /** A name that is too long is cut, with a digest at its end. */
  #nameOf(execution: string): string {
    const name = `${this.#stack}-${execution}`;
    if (name.length <= maxNameLength) return name;
    const digest = createHash('sha256').update(name).digest('hex').slice(0, 12);
    return `${name.slice(0, maxNameLength - digest.length - 1)}-${digest}`;
  }

  /** The queue's policy needs it before the queue exists; only STS knows the account. */
  async #arnOf(name: string): Promise<string> {
    const { Arn = '', Account } = await send(
      { action: 'sts:GetCallerIdentity', arn: '*', what: 'the number of the AWS account' },
      this.#sts.send(new GetCallerIdentityCommand({})),
    );
    return `arn:${Arn.split(':')[1]}:sqs:${await this.#client.config.region()}:${Account}:${name}`;
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
