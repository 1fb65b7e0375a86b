/** Before a run starts: subscribes the e-mail address in `notify`, or checks that the stack may publish to its topic. */

import type { Config } from '../../core/config/config.ts';
import { GcdError } from '../../core/errors/errors.ts';
import type { Cloud } from '../../runs/aws/cloud.ts';
import { color } from '../terminal/output.ts';

/** Prints a line when AWS sends the confirmation mail. An error is a warning and does not stop the run. */
export async function confirmSubscription(
  { notifier, stack }: Pick<Cloud, 'notifier' | 'stack'>,
  { notify }: Config,
): Promise<void> {
  if (notify?.kind === 'topic') {
    const { name, notifyTopics } = stack;
    if (notifyTopics.length > 0 && !notifyTopics.includes(notify.arn))
      console.error(
        `${color.yellow('warning:')} topic ${notify.arn} will get no notification: stack ${name} may not publish to it. gcd-sfn deploy --notify-topic ARN allows it`,
      );
    return;
  }
  if (notify === null || notify === undefined) return;
  try {
    if (await notifier.invite(notify))
      console.error(`${notify.address} gets notifications once confirmed: AWS has sent a mail with a link`);
  } catch (error) {
    if (!(error instanceof GcdError)) throw error;
    console.error(`${color.yellow('warning:')} ${notify.address} may get no notification: ${error.message}`);
  }
}
