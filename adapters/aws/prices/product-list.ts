/** The Price List API: which product is asked for, and what its answer says. */
import { type Filter, GetProductsCommand, type PricingClient } from '@aws-sdk/client-pricing';

export interface ProductWanted {
  /** AWS's code of the service. */
  service: string;
  /** End of the product's usage type, before which a region may stand: `USW2-EBS:VolumeUsage.gp3`. */
  usage: string;
  /** More attributes that it must have. */
  attributes?: Record<string, string>;
}

export interface Product {
  /** US dollars for a unit: of the first tier that costs something. */
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

/** One product is asked for; more pages than this are not its answer. */
const mostPages = 5;

/** @returns undefined when there is no such product in the region, or it costs nothing */
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
  let NextToken: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const answer = await client.send(
      new GetProductsCommand({ ServiceCode: service, FormatVersion: 'aws_v1', Filters, NextToken }),
    );
    for (const text of answer.PriceList ?? []) {
      const found = read(JSON.parse(String(text)), usage);
      if (found) return found;
    }
    NextToken = answer.NextToken;
    if (!NextToken) return undefined;
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
