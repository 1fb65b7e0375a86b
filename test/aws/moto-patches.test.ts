/**
 * What moto takes and AWS does not is refused here, too: characters and lengths of descriptions and of tags. What moto
 * fails at because its threads meet is answered.
 */
import { fileURLToPath } from 'node:url';
import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeKeyPairsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { forgetRequests, violations } from '../support/moto/checked-requests.ts';
import { Moto } from '../support/moto/moto.ts';

let moto: Moto;
let VpcId: string | undefined;
const settings = () => ({
  endpoint: moto.endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
  maxAttempts: 1,
});
beforeAll(async () => {
  moto = await Moto.start({ folders: [fileURLToPath(new URL('races', import.meta.url))] });
  VpcId = (await new EC2Client(settings()).send(new DescribeVpcsCommand({}))).Vpcs?.[0]?.VpcId;
});
afterAll(() => moto?.stop());

test('what is listed while it changes is listed again', async () => {
  const { KeyPairs } = await new EC2Client(settings()).send(new DescribeKeyPairsCommand({}));
  expect(KeyPairs).toEqual([]);
});

describe('a security group', () => {
  const apostrophe = "what EKS's own group allows";

  test('has a description of characters that EC2 takes', async () => {
    const group = (Description: string) =>
      new EC2Client(settings()).send(
        new CreateSecurityGroupCommand({ GroupName: Description, Description, VpcId }),
      );
    await group('nothing; (443) [all] #1 $2 *');
    await expect(group(apostrophe)).rejects.toThrow('Invalid security group');
    await expect(group('a'.repeat(256))).rejects.toThrow('Invalid security group');
  });

  test('has rules with such descriptions', async () => {
    const ec2 = new EC2Client(settings());
    const { GroupId } = await ec2.send(
      new CreateSecurityGroupCommand({ GroupName: 'rules', Description: 'rules', VpcId }),
    );
    const rule = (Description: string, port: number) =>
      ec2.send(
        new AuthorizeSecurityGroupIngressCommand({
          GroupId,
          IpPermissions: [
            {
              IpProtocol: 'tcp',
              FromPort: port,
              ToPort: port,
              IpRanges: [{ CidrIp: '10.0.0.0/8', Description }],
            },
          ],
        }),
      );
    await rule('the network itself', 1);
    await expect(rule(apostrophe, 2)).rejects.toThrow('Invalid rule description');
  });

  test.each(['GroupDescription', 'SecurityGroupIngress', 'SecurityGroupEgress'])(
    'is not made by a stack whose %s has others',
    async (where) => {
      const rule = {
        IpProtocol: 'tcp',
        FromPort: 1,
        ToPort: 1,
        CidrIp: '10.0.0.0/8',
        Description: apostrophe,
      };
      const Properties = {
        GroupDescription: 'fine',
        ...(where === 'GroupDescription' ? { [where]: apostrophe } : { [where]: [rule] }),
      };
      const TemplateBody = JSON.stringify({
        Resources: { Group: { Type: 'AWS::EC2::SecurityGroup', Properties } },
      });
      await expect(
        new CloudFormationClient(settings()).send(new CreateStackCommand({ StackName: where, TemplateBody })),
      ).rejects.toThrow(/Invalid (rule description|security group)/);
    },
  );
});

describe('tags', () => {
  const signed = (service: string) => ({
    authorization: `AWS4-HMAC-SHA256 Credential=t/20260101/us-east-1/${service}/aws4_request, Signature=0`,
  });
  const json = (service: string, target: string, body: object) => {
    const headers = {
      ...signed(service),
      'x-amz-target': target,
      'content-type': 'application/x-amz-json-1.1',
    };
    return fetch(moto.endpoint, { method: 'POST', headers, body: JSON.stringify(body) });
  };
  const form = (service: string, Version: string, fields: Record<string, string>) =>
    fetch(moto.endpoint, {
      method: 'POST',
      headers: signed(service),
      body: new URLSearchParams({ ...fields, Version }),
    });
  const rest = (service: string, method: string, path: string, body: string) =>
    fetch(`${moto.endpoint}${path}`, { method, headers: signed(service), body });

  /** A request that gives a tag, by service. */
  const requests: Record<string, (key: string, value: string) => Promise<Response>> = {
    eks: (key, value) =>
      rest(
        'eks',
        'POST',
        '/clusters',
        JSON.stringify({
          name: 'c',
          roleArn: 'arn:aws:iam::123456789012:role/r',
          resourcesVpcConfig: {},
          tags: { [key]: value },
        }),
      ),
    sqs: (key, value) => json('sqs', 'AmazonSQS.CreateQueue', { QueueName: 'q', tags: { [key]: value } }),
    states: (key, value) =>
      json('states', 'AWSStepFunctions.TagResource', {
        resourceArn: 'arn:aws:states:us-east-1:123456789012:stateMachine:m',
        tags: [{ key, value }],
      }),
    codebuild: (key, value) =>
      json('codebuild', 'CodeBuild_20161006.UpdateProject', { name: 'pp', tags: [{ key, value }] }),
    ecr: (key, value) =>
      json('ecr', 'AmazonEC2ContainerRegistry_V20150921.TagResource', {
        resourceArn: 'arn:aws:ecr:us-east-1:123456789012:repository/r',
        tags: [{ Key: key, Value: value }],
      }),
    iam: (key, value) =>
      form('iam', '2010-05-08', {
        Action: 'TagRole',
        RoleName: 'r',
        'Tags.member.1.Key': key,
        'Tags.member.1.Value': value,
      }),
    sns: (key, value) =>
      form('sns', '2010-03-31', {
        Action: 'TagResource',
        ResourceArn: 'arn:aws:sns:us-east-1:123456789012:t',
        'Tags.member.1.Key': key,
        'Tags.member.1.Value': value,
      }),
    cloudformation: (key, value) =>
      form('cloudformation', '2010-05-15', {
        Action: 'CreateStack',
        StackName: 's',
        TemplateBody: '{}',
        'Tags.member.1.Key': key,
        'Tags.member.1.Value': value,
      }),
    lambda: (key, value) =>
      rest(
        'lambda',
        'POST',
        '/2017-03-31/tags/arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Af',
        JSON.stringify({ Tags: { [key]: value } }),
      ),
    s3: (key, value) =>
      rest(
        's3',
        'PUT',
        '/some-bucket?tagging',
        `<Tagging><TagSet><Tag><Key>${key}</Key><Value>${value}</Value></Tag></TagSet></Tagging>`,
      ),
  };

  test.each(Object.keys(requests))(
    'of %s have characters, and as many of them, as it takes',
    async (service) => {
      const send = async (key: string, value: string) => {
        await forgetRequests(moto);
        await (await requests[service]?.(key, value))?.text();
        const found = await violations(moto);
        await forgetRequests(moto);
        return found.join();
      };
      const and = service === 's3' ? '&amp;' : '&';
      expect(await send('project', 'Müller 1_2.3:4/5=6+7-8@9')).toBe('');
      expect(await send('project', `Müller ${and} Co`)).toMatch(
        /characters that \w+ does not take|is not like/,
      );
      expect(await send(`a${and}b`, 'x')).toMatch(/characters that \w+ does not take|is not like/);
      expect(await send('project', 'v'.repeat(257))).toMatch(
        /257 characters, at most 25[56]|more than 256 characters/,
      );
      expect(await send('k'.repeat(129), 'v')).toMatch(
        /129 characters, at most 12[78]|more than 128 characters/,
      );
    },
  );

  test('of EC2 may have any character, and have lengths', async () => {
    const send = async (key: string, value: string) => {
      await (
        await form('ec2', '2016-11-15', {
          Action: 'CreateTags',
          'ResourceId.1': 'vpc-0',
          'Tag.1.Key': key,
          'Tag.1.Value': value,
        })
      ).text();
      const found = await violations(moto);
      await forgetRequests(moto);
      return found.join();
    };
    expect(await send('project', 'Müller & Co')).toBe('');
    expect(await send('project', 'v'.repeat(257))).toContain('more than 256 characters');
    expect(await send('aws:project', 'v')).toContain('begins with aws:');
  });
});
