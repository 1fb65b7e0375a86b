/** Quotas of the account, by Service Quotas, and what EC2 has of machines and networks. */
import {
  DescribeInstanceTypesCommand,
  DescribeSubnetsCommand,
  EC2Client,
  type Instance,
  paginateDescribeInstances,
  paginateDescribeVpcs,
} from '@aws-sdk/client-ec2';
import {
  GetAWSDefaultServiceQuotaCommand,
  GetServiceQuotaCommand,
  paginateListAWSDefaultServiceQuotas,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
import { NotFound } from '../../../core/errors/errors.ts';
import type { MachineInUse, Offer, Quota, QuotaSpec, Quotas } from '../../../ports/cluster/quotas.ts';
import { answered, answeredUnless } from '../client/answers.ts';
import { type Asked, translated } from '../client/errors.ts';
import { requestHandler } from '../client/request-handler.ts';
import { clientSettings } from '../client/settings.ts';
import { zonesWith } from '../ec2/instance-offerings.ts';
import { vcpusOf } from '../prices/sizes.ts';
import type { AwsAccess } from '../s3/client.ts';

/** Quotas are worth a few seconds: a run can go without. */
const patience = () => ({
  maxAttempts: 2,
  requestHandler: requestHandler({ connectMs: 3000, silenceMs: 8000 }),
});
const absent = ['NoSuchResourceException'] as const;

export class AwsQuotas implements Quotas {
  readonly #quotas: ServiceQuotasClient;
  readonly #ec2: EC2Client;

  constructor({ access }: { access: AwsAccess }) {
    this.#quotas = new ServiceQuotasClient({ ...clientSettings(access), ...patience() });
    this.#ec2 = new EC2Client({ ...clientSettings(access), ...patience() });
  }

  async quota(wanted: QuotaSpec): Promise<Quota> {
    const { service, name } = wanted;
    const code = wanted.code ?? (await this.#codeOf(service, name));
    const asked = (action: string) => ({
      action: `servicequotas:${action}`,
      arn: `arn:aws:servicequotas:*:*:${service}/${code}`,
      what: `the quota ${name}`,
    });
    const given = { ServiceCode: service, QuotaCode: code };
    const found =
      (await answeredUnless(
        absent,
        asked('GetServiceQuota'),
        this.#quotas.send(new GetServiceQuotaCommand(given)),
      )) ??
      (await answeredUnless(
        absent,
        asked('GetAWSDefaultServiceQuota'),
        this.#quotas.send(new GetAWSDefaultServiceQuotaCommand(given)),
      ));
    const { QuotaName = name, Value } = found?.Quota ?? {};
    if (Value === undefined) throw new NotFound(`there is no quota ${name} (${service}, ${code})`);
    return { service, code, name: QuotaName, limit: Value };
  }

  async #codeOf(ServiceCode: string, name: string): Promise<string> {
    const pages = paginateListAWSDefaultServiceQuotas({ client: this.#quotas }, { ServiceCode });
    const asked = {
      action: 'servicequotas:ListAWSDefaultServiceQuotas',
      arn: '*',
      what: `the quotas of ${ServiceCode}`,
    };
    const found = await firstOf(asked, pages, ({ Quotas = [] }) =>
      Quotas.find(({ QuotaName }) => QuotaName === name),
    );
    if (!found?.QuotaCode) throw new NotFound(`there is no quota ${name} (${ServiceCode})`);
    return found.QuotaCode;
  }

  async machines(): Promise<MachineInUse[]> {
    const Filters = [{ Name: 'instance-state-name', Values: ['pending', 'running'] }];
    const asked = { action: 'ec2:DescribeInstances', arn: '*', what: 'the machines of the region' };
    const found: MachineInUse[] = [];
    await firstOf(asked, paginateDescribeInstances({ client: this.#ec2 }, { Filters }), (page) => {
      for (const { Instances = [] } of page.Reservations ?? []) found.push(...Instances.map(machine));
      return undefined;
    });
    return found;
  }

  async offer(instanceType: string, subnetIds: string[]): Promise<Offer> {
    const none = (what: string) => ({
      action: `ec2:${what}`,
      arn: '*',
      what: `instance type ${instanceType}`,
    });
    const [types, zones] = await Promise.all([
      // A filter also takes a type that is none, or newer than the SDK.
      answered(
        none('DescribeInstanceTypes'),
        this.#ec2.send(
          new DescribeInstanceTypesCommand({ Filters: [{ Name: 'instance-type', Values: [instanceType] }] }),
        ),
      ),
      this.#zonesOf(subnetIds),
    ]);
    const [found] = types.InstanceTypes ?? [];
    if (!found) throw new NotFound(`there is no instance type ${instanceType} in this region`);
    const machine = { vcpus: found.VCpuInfo?.DefaultVCpus ?? 0, freePlan: found.FreeTierEligible ?? false };
    // A filter must not be empty.
    if (zones.length === 0) return { ...machine, zones, offeredIn: [] };
    const offered = await answered(
      none('DescribeInstanceTypeOfferings'),
      zonesWith(this.#ec2, instanceType, 'availability-zone-id', zones),
    );
    return { ...machine, zones, offeredIn: zones.filter((zone) => offered.has(zone)) };
  }

  async #zonesOf(SubnetIds: string[]): Promise<string[]> {
    // None named would be all that there are.
    if (SubnetIds.length === 0) return [];
    const asked = { action: 'ec2:DescribeSubnets', arn: '*', what: 'the subnets of the stack' };
    const { Subnets = [] } = await answered(asked, this.#ec2.send(new DescribeSubnetsCommand({ SubnetIds })));
    return Subnets.map(({ AvailabilityZoneId = '' }) => AvailabilityZoneId);
  }

  async networks(): Promise<number> {
    const asked = { action: 'ec2:DescribeVpcs', arn: '*', what: 'the networks of the region' };
    let count = 0;
    await firstOf(asked, paginateDescribeVpcs({ client: this.#ec2 }, {}), ({ Vpcs = [] }) => {
      count += Vpcs.length;
      return undefined;
    });
    return count;
  }
}

/** The first that is found in the pages of a listing. */
async function firstOf<Page, Found>(
  asked: Asked,
  pages: AsyncIterable<Page>,
  find: (page: Page) => Found | undefined,
): Promise<Found | undefined> {
  try {
    for await (const page of pages) {
      const found = find(page);
      if (found !== undefined) return found;
    }
    return undefined;
  } catch (error) {
    throw translated(error, asked);
  }
}

function machine({
  InstanceType = 't3.micro',
  InstanceLifecycle,
  CpuOptions,
  Tags = [],
}: Instance): MachineInUse {
  const { CoreCount, ThreadsPerCore = 1 } = CpuOptions ?? {};
  return {
    instanceType: InstanceType,
    vcpus: CoreCount ? CoreCount * ThreadsPerCore : vcpusOf(InstanceType),
    spot: InstanceLifecycle === 'spot',
    cluster: Tags.find(({ Key }) => Key === 'eks:cluster-name')?.Value ?? null,
  };
}
