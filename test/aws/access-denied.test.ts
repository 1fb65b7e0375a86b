/** What services refuse is said with the action that is missing, whatever name and status they have for it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { CodeBuildImages } from '../../adapters/aws/codebuild/images.ts';
import { SqsQueues } from '../../adapters/aws/sqs/queues.ts';
import { SfnExecutions } from '../../adapters/aws/step-functions/executions.ts';
import { AccessDenied } from '../../core/errors/errors.ts';
import { type Answer, AwsAnswers } from '../support/aws/json-api-server.ts';

const access = { accessKeyId: 'k', secretAccessKey: 'verysecret', sessionToken: null, region: 'us-west-2' };
const machines = {
  run: 'arn:aws:states:us-west-2:1:stateMachine:s-run',
  cleanup: 'arn:aws:states:us-west-2:1:stateMachine:s-cleanup',
};
const wanted = { digest: 'd', source: 'b/s.zip', platform: 'linux/arm64', cache: 'cache-p-arm64' };

let server: AwsAnswers;
/** Operations that are not refused. */
let answers: Record<string, Answer> = {};
beforeAll(async () => {
  server = await AwsAnswers.start(
    ({ operation }) => answers[operation] ?? { error: 'AccessDeniedException' },
  );
  process.env.AWS_ENDPOINT_URL = server.endpoint;
});
afterAll(async () => {
  delete process.env.AWS_ENDPOINT_URL;
  await server?.stop();
});

const absent = { error: 'ImageNotFoundException' };
const queues = () => new SqsQueues({ access, prefix: 's' });
const executions = () => new SfnExecutions({ access, machines });
const images = () =>
  new CodeBuildImages({ access, repository: { name: 'r', uri: 'h/r' }, project: 's-image' });

test.each<[action: string, ask: () => Promise<unknown>, given?: () => Record<string, Answer>]>([
  ['sqs:GetQueueUrl', () => queues().find('r-1')],
  ['sqs:ListQueues', () => queues().list()],
  [
    'sqs:ListQueueTags',
    () => queues().find('r-1'),
    () => ({ GetQueueUrl: { QueueUrl: `${server.endpoint}/1/s-r-1` } }),
  ],
  ['states:DescribeExecution', () => executions().find('r-1')],
  ['states:ListExecutions', () => executions().running()],
  ['states:StopExecution', () => executions().stop('r-1', 'why')],
  [
    'states:StartExecution',
    () => executions().start('run', 'r-1', {}),
    () => ({ DescribeExecution: { error: 'ExecutionDoesNotExist' } }),
  ],
  ['ecr:DescribeImages', () => images().find('d')],
  ['ecr:BatchDeleteImage', () => images().remove('d')],
  ['codebuild:ListBuildsForProject', () => images().status('d')],
  [
    'codebuild:BatchGetBuilds',
    () => images().status('d'),
    () => ({ ListBuildsForProject: { ids: ['s-image:1'] } }),
  ],
  [
    'codebuild:StartBuild',
    () => images().build(wanted),
    () => ({ DescribeImages: absent, ListBuildsForProject: { ids: [] } }),
  ],
])('%s', async (action, ask, given = () => ({})) => {
  answers = given();
  const asking = ask();
  await expect(asking).rejects.toThrow(AccessDenied);
  await expect(asking).rejects.toThrow(`not allowed: ${action} on `);
  await expect(asking).rejects.toMatchObject({ hint: expect.stringContaining(`"Action": "${action}"`) });
});

test('a build is asked for as the state BuildImage asks for it', async () => {
  answers = { DescribeImages: absent, ListBuildsForProject: { ids: [] }, StartBuild: { build: {} } };
  await images().build(wanted);
  expect(server.asked.at(-1)).toMatchObject({
    operation: 'StartBuild',
    input: {
      projectName: 's-image',
      sourceTypeOverride: 'S3',
      sourceLocationOverride: 'b/s.zip',
      environmentTypeOverride: 'ARM_CONTAINER',
      imageOverride: 'aws/codebuild/amazonlinux-aarch64-standard:3.0',
      environmentVariablesOverride: [
        { name: 'IMAGE_DIGEST', value: 'd' },
        { name: 'IMAGE_PLATFORM', value: 'linux/arm64' },
        { name: 'IMAGE_CACHE', value: 'cache-p-arm64' },
      ],
    },
  });
});

test('the newest build of a digest counts, wherever in the list it is', async () => {
  const build = (id: string, digest: string, buildStatus: string) => ({
    id,
    buildStatus,
    environment: { environmentVariables: [{ name: 'IMAGE_DIGEST', value: digest }] },
    phases: [
      {
        contexts: [
          { message: 'Error while executing command: (\n  docker push x\n). Reason: exit status 1' },
        ],
      },
    ],
  });
  answers = {
    ListBuildsForProject: { ids: ['3', '2', '1'] },
    BatchGetBuilds: {
      builds: [build('1', 'd', 'SUCCEEDED'), build('2', 'd', 'TIMED_OUT'), build('3', 'e', 'IN_PROGRESS')],
    },
  };
  expect(await images().status('d')).toEqual({
    state: 'failed',
    lines: ['a command of the build failed: exit status 1'],
  });
  expect(await images().status('e')).toEqual({ state: 'building' });
  expect(await images().status('f')).toEqual({ state: 'none' });
});
