/** What the imitated account does not imitate is told, so that no test takes it for something that works. */

import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { EKSClient, ListInsightsCommand } from '@aws-sdk/client-eks';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Box } from './setup/box.ts';

let box: Box;
let settings: {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
};
beforeAll(async () => {
  box = await Box.start();
  const credentials = { accessKeyId: 'testing', secretAccessKey: 'testing' };
  settings = { endpoint: box.moto.endpoint, region: 'us-east-1', credentials };
}, 60_000);
afterAll(async () => {
  await box.stop();
  expect(box.leftOver()).toEqual([]);
});

test('an action that moto lacks', async () => {
  const eks = new EKSClient({ ...settings, maxAttempts: 1 });
  await expect(eks.send(new ListInsightsCommand({ clusterName: 'c' }))).rejects.toThrow();
  eks.destroy();
  expect(await box.unmodelled()).toEqual([expect.stringContaining('POST /clusters/c/insights')]);
});

test('a service that moto lacks', async () => {
  const authorization = 'AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/snowball/aws4_request';
  const headers = { authorization, 'x-amz-target': 'AWSIESnowballJobManagementService.ListJobs' };
  const answer = await fetch(box.moto.endpoint, { method: 'POST', headers, body: '{}' });
  expect(answer.status).toBe(501);
  expect(await box.unmodelled()).toContainEqual(expect.stringContaining('snowball'));
});

test('a type of resource fails the stack', async () => {
  const client = new CloudFormationClient({ ...settings, maxAttempts: 1 });
  const TemplateBody = JSON.stringify({ Resources: { Alarm: { Type: 'AWS::Budgets::Budget' } } });
  await expect(client.send(new CreateStackCommand({ StackName: 'one', TemplateBody }))).rejects.toThrow(
    'AWS::Budgets::Budget is not imitated',
  );
  client.destroy();
});
