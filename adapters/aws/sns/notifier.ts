/** Messages by SNS: to a topic of the user's, or by e-mail through the stack's own topic. */
import {
  GetSubscriptionAttributesCommand,
  ListSubscriptionsByTopicCommand,
  type ListSubscriptionsByTopicCommandOutput,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SNSClient,
  SubscribeCommand,
  type Subscription,
} from '@aws-sdk/client-sns';
import type { Notify } from '../../../core/config/config.ts';
import { NotFound } from '../../../core/errors/errors.ts';
import type { Message, Notifier } from '../../../ports/account/notifier.ts';
import { answered } from '../client/answers.ts';
import { clientSettings } from '../client/settings.ts';
import type { AwsAccess } from '../s3/client.ts';

/** What SNS shows instead of an ARN until the address was confirmed. */
const pending = 'PendingConfirmation';
/** The attribute of a message that says whom it is for; a subscription takes only its own. */
const recipient = 'recipient';
/** SNS takes subjects shorter than 100 characters, in ASCII. */
const longestSubject = 99;

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
   * An address that is new is sent AWS's question first; as long as it is not answered, nothing else reaches it.
   * @throws NotFound when the address was not confirmed yet
   */
  async send(to: Notify, message: Message): Promise<void> {
    if (to.kind === 'topic') {
      // A topic may be in another region than the stack: SNS refuses it there.
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

  /** AWS forgets a question that is not answered in three days: then it goes out again. */
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
    await answered(
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
    await answered(
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

  /** Somebody who subscribed the address by hand gets what is for it, and nothing of others. */
  async #filter(SubscriptionArn: string, policy: string): Promise<void> {
    const asked = { arn: this.#topicArn, what: `subscription ${SubscriptionArn}` };
    const { Attributes } = await answered(
      { ...asked, action: 'sns:GetSubscriptionAttributes' },
      this.#client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn })),
    );
    if (Attributes?.FilterPolicy === policy) return;
    await answered(
      { ...asked, action: 'sns:SetSubscriptionAttributes' },
      this.#client.send(
        new SetSubscriptionAttributesCommand({
          SubscriptionArn,
          AttributeName: 'FilterPolicy',
          AttributeValue: policy,
        }),
      ),
    );
  }

  async #subscription(address: string): Promise<Subscription | undefined> {
    let NextToken: string | undefined;
    do {
      const page: ListSubscriptionsByTopicCommandOutput = await answered(
        { action: 'sns:ListSubscriptionsByTopic', arn: this.#topicArn, what: `topic ${this.#topicArn}` },
        this.#client.send(new ListSubscriptionsByTopicCommand({ TopicArn: this.#topicArn, NextToken })),
      );
      for (const one of page.Subscriptions ?? [])
        if (one.Protocol === 'email' && one.Endpoint?.toLowerCase() === address.toLowerCase()) return one;
      NextToken = page.NextToken;
    } while (NextToken);
    return undefined;
  }
}

/** One line that SNS takes for a subject. */
const plain = (subject: string): string =>
  subject
    .replaceAll('…', '...')
    .replaceAll(/[^\x20-\x7e]/g, '?')
    .slice(0, longestSubject);
