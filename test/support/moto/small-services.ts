/** What adapters of AWS's smaller services need to be there, made on moto; each call makes things of its own. */
import { CodeBuildClient, CreateProjectCommand } from '@aws-sdk/client-codebuild';
import { CreateRepositoryCommand, ECRClient } from '@aws-sdk/client-ecr';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { CreateScheduleGroupCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { CreateStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { ownRole } from '../../../adapters/aws/client/settings.ts';
import { CodeBuildImages } from '../../../adapters/aws/codebuild/images.ts';
import { newS3Client } from '../../../adapters/aws/s3/client.ts';
import { S3Licences } from '../../../adapters/aws/s3/licences.ts';
import { EventBridgeSchedules } from '../../../adapters/aws/scheduler/schedules.ts';
import { SfnExecutions } from '../../../adapters/aws/step-functions/executions.ts';

const access = ownRole;
let made = 0;
export const newName = (kind: string) => `${kind}-${++made}`;
export const role = 'arn:aws:iam::123456789012:role/some';

export async function newImages(broken: string[]) {
  const name = newName('images');
  const { repository } = await new ECRClient({}).send(new CreateRepositoryCommand({ repositoryName: name }));
  const environmentVariables = [
    { name: 'REPOSITORY', value: name },
    { name: 'BROKEN', value: broken.join() },
  ];
  await new CodeBuildClient({}).send(
    new CreateProjectCommand({
      name,
      serviceRole: role,
      artifacts: { type: 'NO_ARTIFACTS' },
      source: { type: 'S3', location: 'bucket/none.zip' },
      environment: {
        type: 'LINUX_CONTAINER',
        image: 'aws/codebuild/amazonlinux-x86_64-standard:5.0',
        computeType: 'BUILD_GENERAL1_MEDIUM',
        environmentVariables,
      },
    }),
  );
  const uri = repository?.repositoryUri ?? '';
  return new CodeBuildImages({ access, repository: { name, uri }, project: name });
}

export async function newMachine(name: string): Promise<string> {
  const definition = JSON.stringify({
    StartAt: 'Wait',
    States: { Wait: { Type: 'Wait', Seconds: 3600, End: true } },
  });
  const made = await new SFNClient({}).send(
    new CreateStateMachineCommand({ name, definition, roleArn: role }),
  );
  return made.stateMachineArn ?? '';
}

export async function newExecutions(): Promise<SfnExecutions> {
  const name = newName('stack');
  const machines = { run: await newMachine(`${name}-run`), cleanup: await newMachine(`${name}-cleanup`) };
  return new SfnExecutions({ access, machines });
}

export async function newSchedules() {
  const group = newName('schedules');
  await new SchedulerClient({}).send(new CreateScheduleGroupCommand({ Name: group }));
  const machineArn = 'arn:aws:states:us-east-1:123456789012:stateMachine:gcd-sfn-run';
  return { group, schedules: new EventBridgeSchedules({ access, group, roleArn: role, machineArn }) };
}

export async function newLicences() {
  const bucket = newName('bucket');
  const client = await newS3Client(access);
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  return { bucket, client, licences: new S3Licences({ client, bucket }) };
}

/** A topic with a queue that gets all that is published. */
export async function newTopic(Name: string, region = 'us-east-1') {
  const client = new SNSClient({ region });
  const { TopicArn = '' } = await client.send(new CreateTopicCommand({ Name }));
  const { QueueUrl = '' } = await new SQSClient({}).send(
    new CreateQueueCommand({ QueueName: newName('all') }),
  );
  const Endpoint = `arn:aws:sqs:us-east-1:123456789012:${QueueUrl.split('/').at(-1)}`;
  await client.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
  const sent = async () => {
    const { Messages = [] } = await new SQSClient({}).send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    return Messages.map(({ Body = '' }) => JSON.parse(Body)).map(
      ({ Subject, Message, MessageAttributes }) => ({
        subject: Subject,
        text: Message,
        attributes: MessageAttributes,
      }),
    );
  };
  return { TopicArn, sent };
}
