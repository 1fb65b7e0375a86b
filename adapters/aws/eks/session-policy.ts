/** The session policy of a run's workers, which limits the permissions of their role to the run. */
import { bucketLayout } from '../../../core/bucket/bucket-layout.ts';
import { copiedPlace } from '../../../core/bucket/copied-data.ts';
import type { IdentitySpec } from '../../../ports/cluster/identities.ts';

export interface SessionPlace {
  /** ARN of the role of all workers. */
  podRoleArn: string;
  /** The stack's bucket, name and region. */
  bucket: string;
  stack: string;
  region: string;
  /** Whether the account has attached its own policies to the role, so that it may do more than runs need. */
  mayMore: boolean;
}

interface Statement {
  Effect: 'Allow';
  Action?: string | string[];
  NotAction?: string[];
  Resource?: string | string[];
  NotResource?: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** Folders of a run's store that its workers write to. */
const written = ['parts', 'outputs', 'workers', 'logs'];

/** @returns JSON; IAM takes 2,048 characters of it at most */
export function sessionPolicy(place: SessionPlace, { run, queueUrl, data }: IdentitySpec): string {
  const { podRoleArn, bucket, stack, region, mayMore } = place;
  const [, partition = '', , , account = ''] = podRoleArn.split(':');
  const s3 = (path: string) => `arn:${partition}:s3:::${path}`;
  const sqs = (name: string) => `arn:${partition}:sqs:${region}:${account}:${name}`;
  const own = bucketLayout.run(run);
  const copied = copiedPlace({ kind: 's3', ...data }, bucket);
  const statements: Statement[] = [
    {
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: [
        s3(`${bucket}/${own}*`),
        s3(`${bucket}/${bucketLayout.licence(run)}`),
        ...(copied ? [s3(`${bucket}/${copied.data}objects/*`)] : []),
      ],
    },
    {
      Effect: 'Allow',
      Action: ['s3:PutObject', 's3:AbortMultipartUpload'],
      Resource: written.map((folder) => s3(`${bucket}/${own}${folder}/*`)),
    },
    {
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: s3(bucket),
      Condition: { StringLike: { 's3:prefix': `${own}*` } },
    },
    {
      Effect: 'Allow',
      Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'],
      Resource: sqs(queueUrl.slice(queueUrl.lastIndexOf('/') + 1)),
    },
    ...(mayMore ? more() : plain()),
  ];
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });

  function plain(): Statement[] {
    const ofOthers: Statement = {
      Effect: 'Allow',
      Action: ['s3:ListBucket', 's3:GetObject'],
      Resource: [s3(data.bucket), s3(`${data.bucket}/${literal(data.prefix)}*`)],
    };
    return [
      ...(data.bucket === bucket ? [] : [ofOthers]),
      { Effect: 'Allow', Action: ['states:SendTask*', 'kms:Decrypt'], Resource: '*' },
    ];
  }

  /** Everything that the role may do, except with the rest of the stack. */
  function more(): Statement[] {
    return [
      { Effect: 'Allow', Action: 's3:*', NotResource: [s3(bucket), s3(`${bucket}/*`)] },
      { Effect: 'Allow', Action: 'sqs:*', NotResource: sqs(`${stack}-*`) },
      { Effect: 'Allow', NotAction: ['s3:*', 'sqs:*'], Resource: '*' },
    ];
  }
}

/** Escapes IAM's wildcards and variables. */
const literal = (text: string) => text.replace(/[*?$]/g, (sign) => `\${${sign}}`);
