import { ownRole } from '../../../adapters/aws/client/settings.ts';
import { AwsPrices } from '../../../adapters/aws/prices/aws-prices.ts';
import { once } from '../once.ts';

export const prices = once(() => new AwsPrices({ access: ownRole }));
