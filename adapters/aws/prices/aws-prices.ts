/** Today's prices from AWS; when it does not answer, those bundled with this version. */
import { DescribeSpotPriceHistoryCommand, EC2Client } from '@aws-sdk/client-ec2';
import { PricingClient } from '@aws-sdk/client-pricing';
import { bastionMachine } from '../../../core/bastion.ts';
import type { AwsAccess } from '../../../core/config/dotenv.ts';
import { NotFound } from '../../../core/errors/errors.ts';
import type { PriceList } from '../../../core/estimate/cost/price-list.ts';
import type { Prices } from '../../../ports/account/prices.ts';
import { impatientSettings } from '../client/settings.ts';
import { type BundledPrice, bundledRegion, ofBurst, ofInstance, ofService, type Service } from './bundled.ts';
import { findProduct, type Product, type ProductWanted } from './product-list.ts';
import { familyOf, vcpusOf } from './sizes.ts';

/** Region of the Price List API, which has the prices of all regions. */
const listRegion = 'us-east-1';
const bastionType = bastionMachine.instanceType;

const services: Record<Service, ProductWanted> = {
  clusterHour: { service: 'AmazonEKS', usage: 'AmazonEKS-Hours:perCluster' },
  diskGiBMonth: { service: 'AmazonEC2', usage: 'EBS:VolumeUsage.gp3' },
  publicAddressHour: { service: 'AmazonVPC', usage: 'PublicIPv4:InUseAddress' },
  // The size of the stack's project.
  buildMinute: { service: 'CodeBuild', usage: 'Build-Min:Linux:g1.medium' },
  transition: { service: 'AmazonStates', usage: 'StateTransition' },
  queueRequest: { service: 'AWSQueueService', usage: 'Requests-Tier1' },
  storeWrite: { service: 'AmazonS3', usage: 'Requests-Tier1' },
  storeGiBMonth: { service: 'AmazonS3', usage: 'TimedStorage-ByteHrs' },
  functionSecond: { service: 'AWSLambda', usage: 'Lambda-GB-Second-ARM' },
};

/** Undefined when AWS answered that there is none. */
type Lookup<Value> = { answered: true; value: Value | undefined } | { answered: false };

export class AwsPrices implements Prices {
  readonly #access: AwsAccess;
  readonly #client: PricingClient;

  constructor({ access }: { access: AwsAccess }) {
    this.#access = access;
    this.#client = new PricingClient(impatientSettings({ ...access, region: listRegion }));
  }

  /**
   * The spot price is that of the most expensive zone; without one, the price on demand counts.
   * @throws NotFound when AWS has no such type in the region, or does not answer and the bundled list does not have it
   */
  async list(region: string, instanceType: string, spot: boolean): Promise<PriceList> {
    const today = new Date().toISOString().slice(0, 10);
    const used: BundledPrice[] = [];
    const orBundled = (lookup: Lookup<Product>, bundled: BundledPrice | undefined): number | undefined => {
      if (lookup.answered && lookup.value) return lookup.value.price;
      if (bundled) used.push(bundled);
      return bundled?.price;
    };
    const [instance, bastion, burst, spotHour, ...rest] = await Promise.all([
      this.#product(region, machine(instanceType)),
      this.#product(region, machine(bastionType)),
      ofBurst(instanceType) ? this.#product(region, surplus(instanceType)) : undefined,
      spot ? this.#spotHour(region, instanceType) : undefined,
      ...Object.values(services).map((wanted) => this.#product(region, wanted)),
    ]);
    if (instance.answered && !instance.value)
      throw new NotFound(`there is no instance type ${instanceType} in ${region}`, {
        hint: 'Correct the instance type, or take another region.',
      });
    const onDemand = orBundled(instance, ofInstance(instanceType));
    if (onDemand === undefined)
      throw new NotFound(
        `there is no price of ${instanceType}: AWS does not answer, and the list bundled with this version does not have it`,
        {
          hint: 'Let your user or role do pricing:GetProducts, or take another instance type.',
        },
      );
    const amounts = Object.fromEntries(
      (Object.keys(services) as Service[]).map((name, index) => [
        name,
        orBundled(rest[index] ?? { answered: false }, ofService(name)),
      ]),
    ) as Record<Service, number>;
    const vcpus = instance.answered ? Number(instance.value?.attributes.vcpu) : 0;
    const bastionHour = orBundled(bastion, ofInstance(bastionType)) ?? 0;
    const burstVcpuHour = burst ? (orBundled(burst, ofBurst(instanceType)) ?? 0) : 0;
    const [oldest] = used.map(({ date }) => date).sort();
    return {
      date: oldest ?? today,
      source: oldest ? 'bundled' : 'aws',
      region: oldest ? bundledRegion : region,
      instanceHour: spotHour ?? onDemand,
      instanceVcpus: vcpus || vcpusOf(instanceType),
      burstVcpuHour,
      bastionHour,
      ...amounts,
    };
  }

  async #product(region: string, wanted: ProductWanted): Promise<Lookup<Product>> {
    try {
      return { answered: true, value: await findProduct(this.#client, region, wanted) };
    } catch {
      // Denied, unreachable or not understood: a command must not fail because of an estimate.
      return { answered: false };
    }
  }

  /** @returns undefined when AWS does not answer */
  async #spotHour(region: string, instanceType: string): Promise<number | undefined> {
    const client = new EC2Client(impatientSettings({ ...this.#access, region }));
    try {
      const { SpotPriceHistory = [] } = await client.send(
        new DescribeSpotPriceHistoryCommand({
          InstanceTypes: [instanceType as never],
          ProductDescriptions: ['Linux/UNIX'],
          // Only the current prices.
          StartTime: new Date(),
        }),
      );
      const prices = SpotPriceHistory.map(({ SpotPrice }) => Number(SpotPrice)).filter((price) => price > 0);
      return prices.length > 0 ? Math.max(...prices) : undefined;
    } catch {
      return undefined;
    } finally {
      client.destroy();
    }
  }
}

const machine = (instanceType: string): ProductWanted => ({
  service: 'AmazonEC2',
  usage: `BoxUsage:${instanceType}`,
  attributes: {
    instanceType,
    operatingSystem: 'Linux',
    preInstalledSw: 'NA',
    tenancy: 'Shared',
    capacitystatus: 'Used',
  },
});

const surplus = (instanceType: string): ProductWanted => ({
  service: 'AmazonEC2',
  usage: `CPUCredits:${familyOf(instanceType)}`,
});
