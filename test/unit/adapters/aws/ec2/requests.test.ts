/** Requests to EC2 whose answers are no errors: rules that exist or were closed, bastions that were terminated, keys. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EC2Client } from '@aws-sdk/client-ec2';
import { afterEach, expect, test } from '@jest/globals';
import { Ec2Debugging } from '../../../../../adapters/aws/ec2/debugging.ts';
import { Ec2SshIngress } from '../../../../../adapters/aws/ec2/ssh-ingress.ts';
import { putLaunchTemplate } from '../../../../../adapters/aws/eks/nodegroups/launch-template.ts';
import { bastions } from '../../../../../adapters/aws/inventory/bastions.ts';
import { launchTemplates } from '../../../../../adapters/aws/inventory/ec2.ts';

const access = { accessKeyId: 'a', secretAccessKey: 'b', sessionToken: null, region: 'us-east-1' };
let stop = () => {};
afterEach(() => {
  stop();
  delete process.env.AWS_ENDPOINT_URL;
});

type Form = Record<string, string>;
/** Answers by action: the inside of the XML, or the code of an error. @returns the requests */
async function ec2Answering(answers: Record<string, (form: Form) => string>): Promise<Form[]> {
  const requests: Form[] = [];
  const server = createServer(async (request, response) => {
    const text = (await request.setEncoding('utf8').toArray()).join('');
    const form = Object.fromEntries(new URLSearchParams(text));
    requests.push(form);
    const action = form.Action ?? '';
    const answer = answers[action]?.(form) ?? 'Unexpected';
    const isError = /^[\w.]+$/.test(answer);
    response.writeHead(isError ? 400 : 200, { 'content-type': 'text/xml' });
    response.end(
      isError
        ? `<Response><Errors><Error><Code>${answer}</Code><Message>no</Message></Error></Errors></Response>`
        : `<${action}Response>${answer}</${action}Response>`,
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stop = () => {
    server.closeAllConnections();
    server.close();
  };
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return requests;
}
const client = () =>
  new EC2Client({
    ...{ region: 'us-east-1', credentials: access as never },
    endpoint: process.env.AWS_ENDPOINT_URL as string,
  });
const actions = (requests: Form[]) => requests.map(({ Action }) => Action);
const tagSet = (tags: Record<string, string>) =>
  `<tagSet>${Object.entries(tags).map(([key, value]) => `<item><key>${key}</key><value>${value}</value></item>`)}</tagSet>`.replaceAll(
    '</item>,<item>',
    '</item><item>',
  );

test('a rule that exists is extended; one that was closed meanwhile is no error', async () => {
  const rule = `<item><securityGroupRuleId>sgr-1</securityGroupRuleId><isEgress>false</isEgress><cidrIpv4>1.2.3.4/32</cidrIpv4>${tagSet({ 'gcd-sfn:until': '2027-01-15T08:00:00Z' })}</item>`;
  const requests = await ec2Answering({
    AuthorizeSecurityGroupIngress: () => 'InvalidPermission.Duplicate',
    // Two pages.
    DescribeSecurityGroupRules: ({ NextToken }) =>
      NextToken
        ? `<securityGroupRuleSet>${rule}</securityGroupRuleSet>`
        : '<securityGroupRuleSet/><nextToken>more</nextToken>',
    CreateTags: () => 'InvalidSecurityGroupRuleId.NotFound',
    RevokeSecurityGroupIngress: () => 'InvalidPermission.NotFound',
  });
  const ingress = new Ec2SshIngress({ access, securityGroupId: 'sg-1' });
  expect(await ingress.rules()).toEqual([{ address: '1.2.3.4/32', until: 1_800_000_000 }]);
  await ingress.open('1.2.3.4/32', 1_900_000_000);
  await ingress.close(['1.2.3.4/32']);
  expect(actions(requests).filter((one) => one !== 'DescribeSecurityGroupRules')).toEqual([
    'AuthorizeSecurityGroupIngress',
    'CreateTags',
    'RevokeSecurityGroupIngress',
  ]);
  expect(requests.find(({ Action }) => Action === 'CreateTags')).toMatchObject({
    'ResourceId.1': 'sgr-1',
    'Tag.1.Key': 'gcd-sfn:until',
    'Tag.1.Value': '2030-03-17T17:46:40Z',
  });
});

const instance = (id: string, state: string, tags: Record<string, string>) =>
  `<item><instancesSet><item><instanceId>${id}</instanceId><instanceState><code>16</code><name>${state}</name></instanceState><launchTime>2026-01-0${id.at(-1)}T00:00:00Z</launchTime>${tagSet({ managedBy: 'gcd-sfn', 'gcd-sfn:bastion': 'b', 'gcd-sfn:cluster': 'c', ...tags })}</item></instancesSet></item>`;

test("the inventory has the stack's bastions until they are terminated", async () => {
  const all = [
    instance('i-1', 'terminated', { 'gcd-sfn:stack': 's' }),
    instance('i-2', 'shutting-down', { 'gcd-sfn:stack': 's' }),
    instance('i-3', 'running', { 'gcd-sfn:stack': 's-2', 'gcd-sfn:bastion': 'of another' }),
  ];
  const requests = await ec2Answering({
    DescribeInstances: () => `<reservationSet>${all.join('')}</reservationSet>`,
    TerminateInstances: () => 'InvalidInstanceID.NotFound',
  });
  const handler = bastions(client(), 's');
  const [bastion] = await handler.list([]);
  expect(await handler.list([])).toEqual([
    { kind: 'bastion', name: 'b', cluster: 'c', since: Date.parse('2026-01-02') / 1000 },
  ]);
  expect(await handler.state(bastion as never)).toBe('deleting');
  await handler.remove(bastion as never);
  expect(requests.at(-1)).toMatchObject({ Action: 'TerminateInstances', 'InstanceId.1': 'i-2' });
  expect(requests.at(-1)).not.toHaveProperty('InstanceId.2');
  // Nobody debugs on an instance that ends.
  const debugging = new Ec2Debugging({ access, stack: 's', commands: { run: async () => undefined } });
  expect(await debugging.machine('b')).toEqual({ id: 'i-3', address: null });
});

test("a user's key is imported when EC2 has none of that name", async () => {
  const requests = await ec2Answering({
    DescribeKeyPairs: () => 'InvalidKeyPair.NotFound',
    ImportKeyPair: () => '<keyName>k</keyName>',
  });
  const debugging = new Ec2Debugging({ access, stack: 's', commands: { run: async () => undefined } });
  await debugging.keepKey('k', 'ssh-ed25519 AAAA me');
  expect(requests.at(-1)).toMatchObject({
    Action: 'ImportKeyPair',
    'TagSpecification.1.Tag.1.Key': 'managedBy',
    'TagSpecification.1.Tag.2.Value': 's',
  });
});

test('a launch template that a concurrent call has created gets a new version', async () => {
  let isCreated = false;
  const requests = await ec2Answering({
    DescribeLaunchTemplateVersions: () => '<launchTemplateVersionSet/>',
    DescribeLaunchTemplates: () =>
      isCreated
        ? '<launchTemplates><item><launchTemplateId>lt-1</launchTemplateId></item></launchTemplates>'
        : 'InvalidLaunchTemplateName.NotFoundException',
    CreateLaunchTemplate: () => {
      isCreated = true;
      return 'InvalidLaunchTemplateName.AlreadyExistsException';
    },
    CreateLaunchTemplateVersion: () =>
      '<launchTemplateVersion><versionNumber>2</versionNumber></launchTemplateVersion>',
  });
  const wanted = { cluster: 'c', name: 'n', diskGiB: 30, tags: {} } as never;
  expect(await putLaunchTemplate(client(), 'lt-0', wanted)).toEqual({ id: 'lt-1', version: '2' });
  expect(actions(requests)).toContain('CreateLaunchTemplateVersion');
});

test('a launch template that does not exist is deleted', async () => {
  const requests = await ec2Answering({
    DescribeLaunchTemplates: () => 'InvalidLaunchTemplateName.NotFoundException',
  });
  const handler = launchTemplates(client(), 's');
  const template = { kind: 'launch-template', name: 't', cluster: 'c', since: null } as const;
  expect(await handler.state(template)).toBe('deleted');
  await handler.remove(template);
  expect(actions(requests)).toEqual(['DescribeLaunchTemplates', 'DescribeLaunchTemplates']);
});
