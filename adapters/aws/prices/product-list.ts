/** Finds a product and its price by the Price List API. */
import { type Filter, type PricingClient, paginateGetProducts } from '@aws-sdk/client-pricing';

export interface ProductWanted {
  /** AWS's code. */
  service: string;
  /** End of the product's usage type, which may start with a region: `USW2-EBS:VolumeUsage.gp3`. */
  usage: string;
  /** Further attributes that it must have. */
  attributes?: Record<string, string>;
}

export interface Product {
  /** US dollars for a unit, of the first tier that is not free. */
  price: number;
  attributes: Record<string, string>;
}

interface Entry {
  product?: { attributes?: Record<string, string> };
  terms?: { OnDemand?: Record<string, { priceDimensions?: Record<string, Dimension> }> };
}
interface Dimension {
  beginRange?: string;
  pricePerUnit?: { USD?: string };
}

/** A product is on the first pages, or does not exist. */
const maxPages = 5;

/** @returns undefined when the region has no such product, or it is free */
export async function findProduct(
  client: PricingClient,
  region: string,
  { service, usage, attributes = {} }: ProductWanted,
): Promise<Product | undefined> {
  const equal = { regionCode: region, ...attributes };
  const Filters: Filter[] = [
    ...Object.entries(equal).map(([Field, Value]) => ({ Type: 'TERM_MATCH', Field, Value }) as const),
    { Type: 'CONTAINS', Field: 'usagetype', Value: usage },
  ];
  const pages = paginateGetProducts({ client }, { ServiceCode: service, FormatVersion: 'aws_v1', Filters });
  let count = 0;
  for await (const { PriceList = [] } of pages) {
    for (const text of PriceList) {
      const found = read(JSON.parse(String(text)), usage);
      if (found) return found;
    }
    if (++count === maxPages) return undefined;
  }
  return undefined;
}

function read({ product, terms }: Entry, usage: string): Product | undefined {
  const { attributes = {} } = product ?? {};
  const [, whole] = /^(?:[A-Z0-9]+-)?(.*)$/.exec(attributes.usagetype ?? '') ?? [];
  if (whole !== usage) return undefined;
  const tiers = Object.values(terms?.OnDemand ?? {})
    .flatMap(({ priceDimensions = {} }) => Object.values(priceDimensions))
    .map(({ beginRange, pricePerUnit }) => ({
      from: Number(beginRange ?? 0),
      price: Number(pricePerUnit?.USD ?? 0),
    }))
    .filter(({ price }) => price > 0)
    .sort((a, b) => a.from - b.from);
  return tiers[0] && { price: tiers[0].price, attributes };
}
