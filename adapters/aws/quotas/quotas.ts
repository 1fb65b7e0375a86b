/** Quotas of the account by Service Quotas, and what it uses and may use in EC2. */
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
import type { AwsAccess } from '../../../core/config/dotenv.ts';
import { NotFound } from '../../../core/errors/errors.ts';
import type { MachineInUse, Offer, Quota, QuotaSpec, Quotas } from '../../../ports/cluster/quotas.ts';
import { collect, send, sendOptional } from '../client/send.ts';
import { impatientSettings } from '../client/settings.ts';
import { tagsFromList } from '../client/tags.ts';
import { zonesWith } from '../ec2/instance-offerings.ts';
import { machineFrom } from '../eks/nodegroups/instance-type.ts';
import { vcpusOf } from '../prices/sizes.ts';

/** Runs go on without these answers, so requests fail within seconds. */
export class AwsQuotas implements Quotas {
  readonly #quotas: ServiceQuotasClient;
  readonly #ec2: EC2Client;

  constructor({ access }: { access: AwsAccess }) {
    this.#quotas = new ServiceQuotasClient(impatientSettings(access));
    this.#ec2 = new EC2Client(impatientSettings(access));
  }

  async quota(wanted: QuotaSpec): Promise<Quota> {
    const { service, name } = wanted;
    const code = wanted.code ?? (await this.#codeOf(service, name));
    const contextOf = (action: string) => ({
      action: `servicequotas:${action}`,
      arn: `arn:aws:servicequotas:*:*:${service}/${code}`,
      what: `the quota ${name}`,
    });
    const quota = { ServiceCode: service, QuotaCode: code };
    const found =
      (await sendOptional(
        contextOf('GetServiceQuota'),
        this.#quotas.send(new GetServiceQuotaCommand(quota)),
      )) ??
      (await sendOptional(
        contextOf('GetAWSDefaultServiceQuota'),
        this.#quotas.send(new GetAWSDefaultServiceQuotaCommand(quota)),
      ));
    const { QuotaName = name, Value } = found?.Quota ?? {};
    if (Value === undefined) throw new NotFound(`there is no quota ${name} (${service}, ${code})`);
    return { service, code, name: QuotaName, limit: Value };
  }

  async #codeOf(ServiceCode: string, name: string): Promise<string> {
    const find = async () => {
      const pages = paginateListAWSDefaultServiceQuotas({ client: this.#quotas }, { ServiceCode });
      for await (const { Quotas = [] } of pages) {
        const found = Quotas.find(({ QuotaName }) => QuotaName === name);
        if (found) return found;
      }
      return undefined;
    };
    const what = `the quotas of ${ServiceCode}`;
    const found = await send({ action: 'servicequotas:ListAWSDefaultServiceQuotas', arn: '*', what }, find());
    if (!found?.QuotaCode) throw new NotFound(`there is no quota ${name} (${ServiceCode})`);
    return found.QuotaCode;
  }

  async machines(): Promise<MachineInUse[]> {
    const Filters = [{ Name: 'instance-state-name', Values: ['pending', 'running'] }];
    const reservations = await send(
      { action: 'ec2:DescribeInstances', arn: '*', what: 'the machines of the region' },
      collect(
        paginateDescribeInstances({ client: this.#ec2 }, { Filters }),
        ({ Reservations }) => Reservations,
      ),
    );
    return reservations.flatMap(({ Instances = [] }) => Instances.map(machine));
  }

  async offer(instanceType: string, subnetIds: string[]): Promise<Offer> {
    // A filter also accepts a type that does not exist, or is newer than the SDK.
    const describe = new DescribeInstanceTypesCommand({
      Filters: [{ Name: 'instance-type', Values: [instanceType] }],
    });
    const [types, zones] = await Promise.all([
      send(
        { action: 'ec2:DescribeInstanceTypes', arn: '*', what: `instance type ${instanceType}` },
        this.#ec2.send(describe),
      ),
      this.#zonesOf(subnetIds),
    ]);
    const [found] = types.InstanceTypes ?? [];
    if (!found) throw new NotFound(`there is no instance type ${instanceType} in this region`);
    const machine = { ...machineFrom(found), freePlan: found.FreeTierEligible ?? false };
    // A filter must not be empty.
    if (zones.length === 0) return { ...machine, zones, offeredIn: [] };
    const offered = await zonesWith(this.#ec2, instanceType, 'availability-zone-id', zones);
    return { ...machine, zones, offeredIn: zones.filter((zone) => offered.has(zone)) };
  }

  async #zonesOf(SubnetIds: string[]): Promise<string[]> {
    // An empty list would mean all subnets.
    if (SubnetIds.length === 0) return [];
    const { Subnets = [] } = await send(
      { action: 'ec2:DescribeSubnets', arn: '*', what: 'the subnets of the stack' },
      this.#ec2.send(new DescribeSubnetsCommand({ SubnetIds })),
    );
    return Subnets.map(({ AvailabilityZoneId = '' }) => AvailabilityZoneId);
  }

  async networks(): Promise<number> {
    const vpcs = await send(
      { action: 'ec2:DescribeVpcs', arn: '*', what: 'the networks of the region' },
      collect(paginateDescribeVpcs({ client: this.#ec2 }, {}), ({ Vpcs }) => Vpcs),
    );
    return vpcs.length;
  }
}

function machine({ InstanceType = 't3.micro', InstanceLifecycle, CpuOptions, Tags }: Instance): MachineInUse {
  const { CoreCount, ThreadsPerCore = 1 } = CpuOptions ?? {};
  return {
    instanceType: InstanceType,
    vcpus: CoreCount ? CoreCount * ThreadsPerCore : vcpusOf(InstanceType),
    spot: InstanceLifecycle === 'spot',
    cluster: tagsFromList(Tags)['eks:cluster-name'] ?? null,
  };
}
