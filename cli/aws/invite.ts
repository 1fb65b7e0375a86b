/** Asks the address that config.yaml names before a run begins, so that it hears of the run's end; a topic is looked up. */

import type { Config } from '../../core/config/config.ts';
import { GcdError } from '../../core/errors/errors.ts';
import type { Cloud } from '../../runs/aws/cloud.ts';
import { color } from '../view/color.ts';

/** Says so once, when AWS's question goes out. What goes wrong is told, and keeps no run from beginning. */
export async function inviteNotified(
  { notifier, stack }: Pick<Cloud, 'notifier' | 'stack'>,
  { notify }: Config,
): Promise<void> {
  if (notify?.kind === 'topic') {
    const { name, notifyTopics } = stack;
    if (notifyTopics.length > 0 && !notifyTopics.includes(notify.arn))
      console.error(
        `${color.yellow('warning:')} topic ${notify.arn} will not hear of the run's end: stack ${name} may not publish to it. gcd-sfn deploy --notify-topic ARN lets it`,
      );
    return;
  }
  if (notify === null || notify === undefined) return;
  try {
    if (await notifier.invite(notify))
      console.error(
        `${notify.address} hears of runs once it has confirmed: AWS has sent it a message with a link`,
      );
  } catch (error) {
    if (!(error instanceof GcdError)) throw error;
    console.error(
      `${color.yellow('warning:')} ${notify.address} may not hear of the run's end: ${error.message}`,
    );
  }
}
