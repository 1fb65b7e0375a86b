/** Everything that runs leave behind: in the account, in images, and on the user's machine. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { GetObjectCommand, ListBucketsCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  ListStateMachinesCommand,
  paginateGetExecutionHistory,
  paginateListExecutions,
  SFNClient,
} from '@aws-sdk/client-sfn';
import type { Keys } from './account.ts';
import type { Box } from './box.ts';

export interface Left {
  kind: 'bucket' | 'archive' | 'history' | 'log' | 'folder';
  where: string;
  content: Buffer;
}

/**
 * @param folders of this machine, with whatever is in them
 * @param except what is meant to be where it is, by its place
 */
export async function everythingLeft(
  { box, keys, folders }: { box: Box; keys: Keys; folders: string[] },
  except: RegExp,
): Promise<Left[]> {
  const settings = { endpoint: box.moto.endpoint, region: 'us-east-1', credentials: keys };
  const found = [
    ...(await inBuckets(new S3Client({ ...settings, forcePathStyle: true }))),
    ...(await inHistories(new SFNClient(settings))),
    ...(await inLogs(new CloudWatchLogsClient(settings))),
    ...folders.flatMap((folder) => inFolder(folder, 'folder')),
  ];
  return found.filter(({ where }) => !except.test(where));
}

async function inBuckets(s3: S3Client): Promise<Left[]> {
  const left: Left[] = [];
  for (const { Name: Bucket = '' } of (await s3.send(new ListBucketsCommand({}))).Buckets ?? [])
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket }))
      for (const { Key = '' } of Contents) {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
        const content = Buffer.from((await Body?.transformToByteArray()) ?? []);
        left.push({ kind: 'bucket', where: `s3://${Bucket}/${Key}`, content });
        // Sources of images: an archive's bytes do not show what is in it.
        if (/^sources\//.test(Key)) left.push(...inArchive(content, `s3://${Bucket}/${Key}`));
      }
  s3.destroy();
  return left;
}

function inArchive(content: Buffer, name: string): Left[] {
  const folder = mkdtempSync(join(tmpdir(), 'gcd-archive-'));
  try {
    writeFileSync(join(folder, 'one.zip'), content);
    const { status, stderr } = spawnSync('python3', ['-m', 'zipfile', '-e', 'one.zip', 'inside'], {
      cwd: folder,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${name} is no archive: ${stderr}`);
    return inFolder(join(folder, 'inside'), 'archive', name);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function inHistories(sfn: SFNClient): Promise<Left[]> {
  const left: Left[] = [];
  const { stateMachines = [] } = await sfn.send(new ListStateMachinesCommand({}));
  for (const { stateMachineArn } of stateMachines)
    for await (const { executions = [] } of paginateListExecutions({ client: sfn }, { stateMachineArn }))
      for (const { executionArn } of executions) {
        const told: unknown[] = [await sfn.send(new DescribeExecutionCommand({ executionArn }))];
        for await (const { events } of paginateGetExecutionHistory({ client: sfn }, { executionArn }))
          told.push(events);
        left.push({ kind: 'history', where: executionArn ?? '', content: Buffer.from(JSON.stringify(told)) });
      }
  sfn.destroy();
  return left;
}

async function inLogs(logs: CloudWatchLogsClient): Promise<Left[]> {
  const left: Left[] = [];
  for (const { logGroupName = '' } of (await logs.send(new DescribeLogGroupsCommand({}))).logGroups ?? []) {
    let nextToken: string | undefined;
    const lines: string[] = [];
    do {
      const page = await logs.send(new FilterLogEventsCommand({ logGroupName, nextToken }));
      lines.push(...(page.events ?? []).map(({ message = '' }) => message));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    if (lines.length > 0)
      left.push({ kind: 'log', where: logGroupName, content: Buffer.from(lines.join('\n')) });
  }
  logs.destroy();
  return left;
}

function inFolder(folder: string, kind: Left['kind'], name = folder): Left[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, path), { throwIfNoEntry: false })?.isFile())
    .map((path) => ({ kind, where: `${name}/${path}`, content: readFileSync(join(folder, path)) }));
}
