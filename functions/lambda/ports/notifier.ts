import { ownRole } from '../../../adapters/aws/client/settings.ts';
import { SnsNotifier } from '../../../adapters/aws/sns/notifier.ts';
import { once } from '../once.ts';
import { setting } from '../settings.ts';

export const notifier = once(() => new SnsNotifier({ access: ownRole, topicArn: setting('topicArn') }));
