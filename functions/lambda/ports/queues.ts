import { ownRole } from '../../../adapters/aws/client/settings.ts';
import { SqsQueues } from '../../../adapters/aws/sqs/queues.ts';
import { once } from '../once.ts';
import { setting } from '../settings.ts';

export const queues = once(() => new SqsQueues({ access: ownRole, prefix: setting('stackName') }));
