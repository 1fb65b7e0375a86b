/**
 * The packaged stack in an account that others imitate: as it is, with nothing mended. What moto and its patches take by
 * mistake, it may refuse.
 */
import {
  CloudFormationClient,
  DescribeStacksCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { removeStack } from '../../adapters/aws/cloudformation/delete-stack.ts';
import { deployStack } from '../../adapters/aws/cloudformation/deploy-stack.ts';
import { Ministack } from '../support/aws/ministack.ts';
import { until } from '../support/cli/project.ts';
import { packageFolder, readTemplate } from '../support/stack/template.ts';

const region = 'us-east-1';
const name = 'gcd-sfn';
const access = { accessKeyId: 'testing', secretAccessKey: 'testing', sessionToken: null, region };
const before = { ...process.env };
let account: Ministack;
let outputs: Record<string, string> = {};

beforeAll(async () => {
  account = await Ministack.start();
  Object.assign(process.env, account.env);
}, 60_000);
afterAll(async () => {
  process.env = before;
  await account?.stop();
}, 60_000);

test('it listens on loopback alone', () => {
  expect(new Set(account.listensOn())).toEqual(new Set(['0100007F']));
});

test('takes the stack', async () => {
  await deployStack({
    ...{ access, region, name, folder: packageFolder },
    confirm: async () => true,
    onPhase: () => {},
    onStep: () => {},
  });
  const client = new CloudFormationClient({ region });
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
  expect(Stacks[0]?.StackStatus).toMatch(/^(CREATE|UPDATE)_COMPLETE$/);
  outputs = Object.fromEntries(
    (Stacks[0]?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
  );
  const { Resources, Outputs } = readTemplate();
  expect(Object.keys(outputs).sort()).toEqual(Object.keys(Outputs).sort());
  for (const [output, value] of Object.entries(outputs)) expect([output, value]).not.toEqual([output, '']);
  const made: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(new ListStackResourcesCommand({ StackName: name, NextToken }));
    made.push(...(page.StackResourceSummaries ?? []).map(({ LogicalResourceId = '' }) => LogicalResourceId));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  expect(made.sort()).toEqual(Object.keys(Resources).sort());
}, 180_000);

test('walks a run that nobody has begun as far as Validate, which does not find it', async () => {
  const client = new SFNClient({ region });
  const started = await client.send(
    new StartExecutionCommand({
      stateMachineArn: outputs.RunMachineArn,
      name: 'nobody-1',
      input: JSON.stringify({ run: 'nobody' }),
    }),
  );
  const { executionArn } = started;
  let ended: { status?: string | undefined; error?: string | undefined; cause?: string | undefined } = {};
  await until(
    async () => {
      ended = await client.send(new DescribeExecutionCommand({ executionArn }));
      return ended.status !== 'RUNNING';
    },
    'the end of the execution',
    120_000,
  );
  expect(ended.status).toBe('FAILED');
  // On AWS the error is the function's own, RunNotFound; here it is called so whatever a function throws.
  expect(`${ended.error} ${ended.cause}`).toContain('nobody');
  const { events = [] } = await client.send(new GetExecutionHistoryCommand({ executionArn }));
  expect(events.map(({ stateEnteredEventDetails: entered }) => entered?.name)).toContain('Validate');
}, 180_000);

test('gives it back', async () => {
  await removeStack({ access, region, name, onPhase: () => {}, onStep: () => {} });
  await expect(
    new CloudFormationClient({ region }).send(new DescribeStacksCommand({ StackName: name })),
  ).rejects.toThrow('does not exist');
}, 120_000);
