import { NotFound } from '../../../core/errors/errors.ts';
import type { PriceList } from '../../../core/estimate/cost/price-list.ts';
import type { Prices } from '../../../ports/account/prices.ts';

const list: Omit<PriceList, 'region'> = {
  date: '2026-11-22',
  source: 'aws',
  instanceHour: 0.096,
  instanceVcpus: 2,
  burstVcpuHour: 0,
  bastionHour: 0.0104,
  clusterHour: 0.1,
  diskGiBMonth: 0.08,
  publicAddressHour: 0.005,
  buildMinute: 0.005,
  transition: 0.000025,
  queueRequest: 0.0000004,
  storeWrite: 0.000005,
  storeGiBMonth: 0.023,
  functionSecond: 0.0000133334,
};

/** Round prices that do not change; spot at 40 % of them. */
export class MemoryPrices implements Prices {
  async list(region: string, instanceType: string, spot: boolean): Promise<PriceList> {
    if (!/^[a-z]+\d[a-z]*\.\w+$/.test(instanceType)) throw new NotFound(`there is no type ${instanceType}`);
    const burst = instanceType.startsWith('t') ? { burstVcpuHour: 0.05 } : {};
    return { ...list, ...burst, region, instanceHour: list.instanceHour * (spot ? 0.4 : 1) };
  }
}
