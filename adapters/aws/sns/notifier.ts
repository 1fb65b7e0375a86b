/** Messages by SNS: to a topic of the user's, or as e-mail through the stack's topic. */
import {
  GetSubscriptionAttributesCommand,
  PublishCommand,
  paginateListSubscriptionsByTopic,
  SetSubscriptionAttributesCommand,
  SNSClient,
  SubscribeCommand,
  type Subscription,
} from '@aws-sdk/client-sns';
import type { Notify } from '../../../core/config/config.ts';
import type { AwsAccess } from '../../../core/config/dotenv.ts';
import { NotFound } from '../../../core/errors/errors.ts';
import type { Message, Notifier } from '../../../ports/account/notifier.ts';
import { send } from '../client/send.ts';
import { clientSettings } from '../client/settings.ts';

/** Instead of an ARN, until the address was confirmed. */
const pending = 'PendingConfirmation';
/** Message attribute with the address; the filter of a subscription accepts only its own. */
const recipient = 'recipient';
/** Characters of ASCII: a limit of SNS. */
const maxSubjectLength = 99;

export class SnsNotifier implements Notifier {
  readonly #access: AwsAccess;
  readonly #topicArn: string;
  readonly #client: SNSClient;

  /** @param options.topicArn the stack's topic */
  constructor({ access, topicArn }: { access: AwsAccess; topicArn: string }) {
    this.#access = access;
    this.#topicArn = topicArn;
    this.#client = new SNSClient(clientSettings(access));
  }

  /**
   * A new address first gets AWS's question for confirmation, and nothing else until it is answered.
   * @throws NotFound when the address was not confirmed yet
   */
  async send(to: Notify, message: Message): Promise<void> {
    if (to.kind === 'topic') {
      // The topic may be in another region than the stack.
      const region = to.arn.split(':')[3] || null;
      const client = new SNSClient(clientSettings({ ...this.#access, region }));
      return this.#publish(client, to.arn, message, {});
    }
    await this.invite(to);
    if (!(await this.#isConfirmed(to.address)))
      throw new NotFound(`${to.address} has not been confirmed: AWS has sent it a message with a link`, {
        hint: 'Follow the link in the message from AWS Notifications; after that, messages arrive.',
      });
    const attribute = { DataType: 'String', StringValue: to.address };
    await this.#publish(this.#client, this.#topicArn, message, { [recipient]: attribute });
  }

  /** A question that is not answered within three days expires, and is sent again. */
  async invite(to: Notify): Promise<boolean> {
    if (to.kind === 'topic') return false;
    const { address } = to;
    const policy = JSON.stringify({ [recipient]: [address] });
    const found = (await this.#subscription(address))?.SubscriptionArn;
    if (found === pending) return false;
    if (found !== undefined) {
      await this.#filter(found, policy);
      return false;
    }
    await send(
      { action: 'sns:Subscribe', arn: this.#topicArn, what: `the subscription of ${address}` },
      this.#client.send(
        new SubscribeCommand({
          TopicArn: this.#topicArn,
          Protocol: 'email',
          Endpoint: address,
          Attributes: { FilterPolicy: policy },
        }),
      ),
    );
    return true;
  }

  async #publish(
    client: SNSClient,
    TopicArn: string,
    { subject, text }: Message,
    MessageAttributes: Record<string, { DataType: string; StringValue: string }>,
  ): Promise<void> {
    await send(
      { action: 'sns:Publish', arn: TopicArn, what: `topic ${TopicArn}` },
      client.send(
        new PublishCommand({ TopicArn, Subject: plain(subject), Message: text, MessageAttributes }),
      ),
    );
  }

  async #isConfirmed(address: string): Promise<boolean> {
    const found = (await this.#subscription(address))?.SubscriptionArn;
    return found !== undefined && found !== pending;
  }

  /** Also an address that was subscribed by hand gets only its own messages. */
  async #filter(SubscriptionArn: string, policy: string): Promise<void> {
    const context = { arn: this.#topicArn, what: `subscription ${SubscriptionArn}` };
    const { Attributes } = await send(
      { ...context, action: 'sns:GetSubscriptionAttributes' },
      this.#client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn })),
    );
    if (Attributes?.FilterPolicy === policy) return;
    await send(
      { ...context, action: 'sns:SetSubscriptionAttributes' },
      this.#client.send(
        new SetSubscriptionAttributesCommand({
          SubscriptionArn,
          AttributeName: 'FilterPolicy',
          AttributeValue: policy,
        }),
      ),
    );
  }

  #subscription(address: string): Promise<Subscription | undefined> {
    const find = async () => {
      const pages = paginateListSubscriptionsByTopic({ client: this.#client }, { TopicArn: this.#topicArn });
      for await (const { Subscriptions = [] } of pages)
        for (const one of Subscriptions)
          if (one.Protocol === 'email' && one.Endpoint?.toLowerCase() === address.toLowerCase()) return one;
      return undefined;
    };
    const what = `topic ${this.#topicArn}`;
    return send({ action: 'sns:ListSubscriptionsByTopic', arn: this.#topicArn, what }, find());
  }
}

/** One line in ASCII. */
const plain = (subject: string): string =>
  subject
    .replaceAll('…', '...')
    .replaceAll(/[^\x20-\x7e]/g, '?')
    .slice(0, maxSubjectLength);
