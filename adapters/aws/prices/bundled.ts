/** The prices bundled with this version, each with its day; of us-east-1 for all regions. */
import instances from './instances.json' with { type: 'json' };
import services from './services.json' with { type: 'json' };
import { familyOf, sizeOf } from './sizes.ts';

export const bundledRegion = 'us-east-1';

export interface BundledPrice {
  price: number;
  /** `2025-09-01` */
  date: string;
}
export type Service = keyof typeof services.prices;

export const ofService = (service: Service): BundledPrice => services.prices[service];

/** On demand; undefined for an unknown type. */
export function ofInstance(type: string): BundledPrice | undefined {
  const size = sizeOf(type);
  const large = (instances.large as Record<string, number>)[familyOf(type)];
  return size && large ? { price: large * size, date: instances.date } : undefined;
}

/** Undefined for types that are not burstable. */
export const ofBurst = (type: string): BundledPrice | undefined =>
  (services.burstVcpuHour as Record<string, BundledPrice>)[familyOf(type)];
