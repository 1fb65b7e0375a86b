/** Prices, from a server that answers as the Price List API does, and from the bundled list. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetProductsCommand, type GetProductsCommandInput, PricingClient } from '@aws-sdk/client-pricing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ownRole } from '../../adapters/aws/client/settings.ts';
import { AwsPrices } from '../../adapters/aws/prices/aws-prices.ts';
import { NotFound } from '../../core/errors/errors.ts';
import { pricesSuite } from '../contract/suites/small-services.ts';
import { type Answer, type Asked, AwsAnswers } from '../support/aws/json-api-server.ts';
import { checkedRequests, violations } from '../support/moto/checked-requests.ts';
import { Moto } from '../support/moto/moto.ts';

/** What costs how much, by service and usage type, as the bills of us-west-2 have them. */
const costs: [service: string, usage: string, tiers: [from: number, dollars: string][], vcpu?: string][] = [
  ['AmazonEC2', 'USW2-BoxUsage:m6i.large', [[0, '0.0960000000']], '2'],
  ['AmazonEC2', 'USW2-BoxUsage:m6i.large.something', [[0, '7.0000000000']], '2'],
  ['AmazonEC2', 'USW2-BoxUsage:t3.medium', [[0, '0.0416000000']], '2'],
  ['AmazonEC2', 'USW2-BoxUsage:t3.micro', [[0, '0.0104000000']], '2'],
  ['AmazonEC2', 'USW2-CPUCredits:t3', [[0, '0.0500000000']]],
  ['AmazonEC2', 'USW2-CPUCredits:t3a', [[0, '0.0600000000']]],
  ['AmazonEC2', 'USW2-EBS:VolumeUsage.gp3', [[0, '0.0800000000']]],
  ['AmazonVPC', 'USW2-PublicIPv4:InUseAddress', [[0, '0.0050000000']]],
  ['AmazonEKS', 'USW2-AmazonEKS-Hours:perCluster', [[0, '0.1000000000']]],
  ['CodeBuild', 'USW2-Build-Min:Linux:g1.medium', [[0, '0.0100000000']]],
  // The first are free, and a later tier is cheaper.
  [
    'AmazonStates',
    'USW2-StateTransition',
    [
      [4000, '0.0000250000'],
      [0, '0.0000000000'],
    ],
  ],
  [
    'AWSQueueService',
    'USW2-Requests-Tier1',
    [
      [100000000000, '0.0000003000'],
      [1000000, '0.0000004000'],
      [0, '0.0000000000'],
    ],
  ],
  ['AmazonS3', 'USW2-Tables-Requests-Tier1', [[0, '9.0000000000']]],
  ['AmazonS3', 'USW2-Requests-Tier1', [[0, '0.0000050000']]],
  ['AmazonS3', 'USW2-Tables-TimedStorage-ByteHrs', [[0, '9.0000000000']]],
  [
    'AmazonS3',
    'USW2-TimedStorage-ByteHrs',
    [
      [512000, '0.0210000000'],
      [0, '0.0230000000'],
      [51200, '0.0220000000'],
    ],
  ],
  ['AWSLambda', 'USW2-Lambda-GB-Second-ARM', [[0, '0.0000133334']]],
];

/** An entry of an answer, which is JSON in a string. */
function entry(usagetype: string, tiers: [number, string][], vcpu?: string): string {
  const sku = usagetype.replaceAll(/\W/g, '').toUpperCase();
  const dimensions = tiers.map(([beginRange, USD], index) => [
    `${sku}.JRTCKXETXF.${index}`,
    { unit: 'Hrs', beginRange: String(beginRange), endRange: 'Inf', pricePerUnit: { USD } },
  ]);
  const term = { sku, offerTermCode: 'JRTCKXETXF', priceDimensions: Object.fromEntries(dimensions) };
  const attributes = { regionCode: 'us-west-2', usagetype, ...(vcpu && { vcpu }) };
  return JSON.stringify({
    product: { productFamily: 'Compute Instance', attributes, sku },
    terms: { OnDemand: { [`${sku}.JRTCKXETXF`]: term } },
    version: '20261120000000',
  });
}

function products({ input }: Asked): Answer {
  const { ServiceCode, Filters = [], NextToken } = input as unknown as GetProductsCommandInput;
  const value = (field: string) => Filters.find(({ Field }) => Field === field)?.Value ?? '';
  const found = costs.filter(
    ([service, usage]) =>
      value('regionCode') === 'us-west-2' && service === ServiceCode && usage.includes(value('usagetype')),
  );
  // A page of one each, so that all of them have to be turned.
  const page = Number(NextToken ?? 0);
  const PriceList = found.slice(page, page + 1).map(([, usage, tiers, vcpu]) => entry(usage, tiers, vcpu));
  return {
    FormatVersion: 'aws_v1',
    PriceList,
    ...(found.length > page + 1 && { NextToken: String(page + 1) }),
  };
}

let moto: Moto;
let list: AwsAnswers;
let answer: (asked: Asked) => Answer;
beforeAll(async () => {
  moto = await Moto.start();
  Object.assign(process.env, moto.env);
  list = await AwsAnswers.start((asked) => answer(asked));
  process.env.AWS_ENDPOINT_URL_PRICING = list.endpoint;
});
beforeEach(() => {
  answer = products;
});
afterEach(() => {
  list.asked.length = 0;
});
afterAll(async () => {
  delete process.env.AWS_ENDPOINT_URL_PRICING;
  await list?.stop();
  await moto?.stop();
});

const prices = () => new AwsPrices({ access: ownRole });

pricesSuite('AWS', prices);

describe('AwsPrices', () => {
  test('takes each from its product, and of several tiers the first that costs something', async () => {
    expect(await prices().list('us-west-2', 't3.medium', false)).toEqual({
      date: new Date().toISOString().slice(0, 10),
      source: 'aws',
      region: 'us-west-2',
      instanceHour: 0.0416,
      instanceVcpus: 2,
      burstVcpuHour: 0.05,
      bastionHour: 0.0104,
      clusterHour: 0.1,
      diskGiBMonth: 0.08,
      publicAddressHour: 0.005,
      buildMinute: 0.01,
      transition: 0.000025,
      queueRequest: 0.0000004,
      storeWrite: 0.000005,
      storeGiBMonth: 0.023,
      functionSecond: 0.0000133334,
    });
  });

  test('what it asks is as AWS has it in its models', async () => {
    await prices().list('us-west-2', 't3.medium', false);
    const inputs = list.asked.map(({ input }) => input as unknown as GetProductsCommandInput);
    expect(inputs.length).toBeGreaterThan(9);
    const client = new PricingClient({ endpoint: moto.endpoint, region: 'us-east-1' });
    const before = (await checkedRequests(moto))['pricing:GetProducts'] ?? 0;
    // moto has no price list; what is looked at is whether the request was refused before.
    for (const input of inputs) await client.send(new GetProductsCommand(input)).catch(() => undefined);
    expect((await checkedRequests(moto))['pricing:GetProducts']).toBeGreaterThanOrEqual(
      before + inputs.length,
    );
    expect(await violations(moto)).toEqual([]);
  });

  test('takes the bundled list, with its day and its region, when AWS does not let itself be asked', async () => {
    answer = () => ({ error: 'AccessDeniedException' });
    const bundled = await prices().list('eu-central-1', 'm6i.4xlarge', false);
    expect(bundled).toMatchObject({ source: 'bundled', region: 'us-east-1', instanceVcpus: 16 });
    expect(bundled.instanceHour).toBeCloseTo(0.768);
    expect(bundled.date).toMatch(/^2025-/);
    await expect(prices().list('eu-central-1', 'm99.large', false)).rejects.toThrow(
      'there is no price of m99.large',
    );
  });

  test('takes from the bundled list only what AWS lacks', async () => {
    answer = (asked) => (asked.input.ServiceCode === 'AmazonEKS' ? { PriceList: [] } : products(asked));
    const some = await prices().list('us-west-2', 'm6i.large', false);
    expect(some).toMatchObject({
      source: 'bundled',
      date: '2025-09-01',
      clusterHour: 0.1,
      diskGiBMonth: 0.08,
    });
  });

  test('a spot price is that of the dearest zone; without one it is that on demand', async () => {
    let zones = ['0.0301', '0.0412', '0.0377'];
    const server = createServer((_, response) => {
      const items = zones.map((price) => `<item><spotPrice>${price}</spotPrice></item>`).join('');
      response.writeHead(zones.length > 0 ? 200 : 403, { 'content-type': 'text/xml' });
      response.end(
        zones.length > 0
          ? `<DescribeSpotPriceHistoryResponse><spotPriceHistorySet>${items}</spotPriceHistorySet></DescribeSpotPriceHistoryResponse>`
          : '<Response><Errors><Error><Code>UnauthorizedOperation</Code></Error></Errors></Response>',
      );
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    process.env.AWS_ENDPOINT_URL_EC2 = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const spot = async () => (await prices().list('us-west-2', 'm6i.large', true)).instanceHour;
      expect(await spot()).toBe(0.0412);
      zones = [];
      expect(await spot()).toBe(0.096);
    } finally {
      delete process.env.AWS_ENDPOINT_URL_EC2;
      server.closeAllConnections();
      server.close();
    }
  });

  test('a type that the region does not have is not taken from the bundled list', async () => {
    await expect(prices().list('us-west-2', 'm5.large', false)).rejects.toThrow(NotFound);
  });
});
