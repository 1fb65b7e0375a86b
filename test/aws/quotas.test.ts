/** Quotas, offers and machines as AWS tells them, on moto; every request is checked against AWS's models. */
import {
  CreateSubnetCommand,
  CreateVpcCommand,
  EC2Client,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { ownRole } from '../../adapters/aws/client/settings.ts';
import { AwsQuotas } from '../../adapters/aws/quotas/quotas.ts';
import { AccessDenied } from '../../core/errors/errors.ts';
import { quotasSuite } from '../contract/suites/quotas.ts';
import { AwsAnswers } from '../support/aws/json-api-server.ts';
import { giveQuota } from '../support/moto/set-quota.ts';
import { motoOfFile } from '../support/moto/shared-moto.ts';

const moto = motoOfFile();
beforeEach(() => moto().reset());

async function subnets(): Promise<string[]> {
  const ec2 = new EC2Client({});
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.9.0.0/16' }));
  const ids: string[] = [];
  for (const [place, zone] of ['us-east-1a', 'us-east-1b'].entries()) {
    const CidrBlock = `10.9.${place}.0/24`;
    const made = await ec2.send(
      new CreateSubnetCommand({ VpcId: Vpc?.VpcId, AvailabilityZone: zone, CidrBlock }),
    );
    ids.push(made.Subnet?.SubnetId ?? '');
  }
  return ids;
}

quotasSuite('AWS', async () => ({
  quotas: new AwsQuotas({ access: ownRole }),
  subnetIds: await subnets(),
  limit: (quota, value) => giveQuota(moto(), quota, value),
}));

describe('AwsQuotas', () => {
  test('counts the vCPUs of machines that run, and says whose nodes they are', async () => {
    const ec2 = new EC2Client({});
    const run = async (InstanceType: 'm6i.xlarge' | 't3.micro', tags: Record<string, string>) => {
      const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
      const { Instances = [] } = await ec2.send(
        new RunInstancesCommand({
          ...{ InstanceType, ImageId: 'ami-12c6146b', MinCount: 1, MaxCount: 1 },
          ...(Tags.length > 0 && { TagSpecifications: [{ ResourceType: 'instance', Tags }] }),
        }),
      );
      return Instances[0]?.InstanceId ?? '';
    };
    await run('m6i.xlarge', { 'eks:cluster-name': 'lab' });
    const gone = await run('t3.micro', {});
    await run('t3.micro', {});
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [gone] }));
    const found = await new AwsQuotas({ access: ownRole }).machines();
    expect(found.map(({ instanceType, cluster, spot }) => [instanceType, cluster, spot]).sort()).toEqual([
      ['m6i.xlarge', 'lab', false],
      ['t3.micro', null, false],
    ]);
    expect(found.map(({ vcpus }) => vcpus).sort()).toEqual([2, 4]);
  });

  test('names the permission that is missing', async () => {
    const answers = await AwsAnswers.start(() => ({ error: 'AccessDeniedException' }));
    process.env.AWS_ENDPOINT_URL_SERVICE_QUOTAS = answers.endpoint;
    try {
      const asked = new AwsQuotas({ access: ownRole }).quota({ service: 'ec2', code: 'L-1', name: 'one' });
      await expect(asked).rejects.toThrow(AccessDenied);
      await expect(asked).rejects.toMatchObject({
        hint: expect.stringContaining('"Action": "servicequotas:GetServiceQuota"'),
      });
    } finally {
      delete process.env.AWS_ENDPOINT_URL_SERVICE_QUOTAS;
      await answers.stop();
    }
  });
});
