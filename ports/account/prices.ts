/** Where prices come from. */
import type { PriceList } from '../../core/estimate/cost/price-list.ts';

export interface Prices {
  /**
   * @param instanceType such as `m6i.large`
   * @throws NotFound if the region does not have the type, or its price is unknown
   */
  list(region: string, instanceType: string, spot: boolean): Promise<PriceList>;
}
