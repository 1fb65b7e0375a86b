/** Which requests adapters send, and what becomes of the answers: pages, conditions that are no errors, whose things are. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ECRClient } from '@aws-sdk/client-ecr';
import { EKSClient } from '@aws-sdk/client-eks';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CodeBuildImages } from '../../../../adapters/aws/codebuild/images.ts';
import { RepositoryImages } from '../../../../adapters/aws/codebuild/repository-images.ts';
import { EksClusterAccess } from '../../../../adapters/aws/eks/cluster-access.ts';
import { EksIdentities } from '../../../../adapters/aws/eks/identities.ts';
import { deleteCluster, listNodegroups } from '../../../../adapters/aws/eks/requests.ts';
import { queues as queuesOfInventory } from '../../../../adapters/aws/inventory/queues.ts';
import { SqsQueues } from '../../../../adapters/aws/sqs/queues.ts';
import { SfnEvents } from '../../../../adapters/aws/step-functions/execution-events.ts';
import { SfnExecutions } from '../../../../adapters/aws/step-functions/executions.ts';
import { NotFound, NotOurs, Unreachable } from '../../../../core/errors/errors.ts';
import { type Answer, type Asked, AwsAnswers } from '../../../support/aws/json-api-server.ts';

const access = { accessKeyId: 'a', secretAccessKey: 'b', sessionToken: null, region: 'us-east-1' };
const client = { region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };
const cleanUps: (() => unknown)[] = [];
beforeEach(() => {
  process.env.AWS_MAX_ATTEMPTS = '1';
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
  delete process.env.AWS_ENDPOINT_URL;
  delete process.env.AWS_MAX_ATTEMPTS;
});

async function answering(answer: (asked: Asked) => Answer): Promise<AwsAnswers> {
  const server = await AwsAnswers.start(answer);
  cleanUps.push(server.stop);
  process.env.AWS_ENDPOINT_URL = server.endpoint;
  return server;
}

/** EKS: by method and path, such as `GET /clusters/a`; an error is its name. @returns the requests */
async function eksAnswering(answers: Record<string, object | string>): Promise<string[]> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const asked = `${request.method} ${request.url}`;
    requests.push(asked);
    const answer = answers[asked] ?? 'ResourceNotFoundException';
    const status = answer === 'ResourceNotFoundException' ? 404 : 409;
    response.writeHead(typeof answer === 'string' ? status : 200, {
      'content-type': 'application/json',
      ...(typeof answer === 'string' && { 'x-amzn-errortype': answer }),
    });
    response.end(JSON.stringify(typeof answer === 'string' ? { message: answer } : answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUps.push(() => {
    server.closeAllConnections();
    server.close();
  });
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return requests;
}

describe('queues', () => {
  const tags: Record<string, Record<string, string>> = {
    '/1/s-a': { managedBy: 'gcd-sfn', 'gcd-sfn:stack': 's', 'gcd-sfn:execution': 'a' },
    // Of a version with one stack an account.
    '/1/s-b': { managedBy: 'gcd-sfn', 'gcd-sfn:execution': 'b' },
    // Of stack s-2.
    '/1/s-2-c': { managedBy: 'gcd-sfn', 'gcd-sfn:stack': 's-2', 'gcd-sfn:execution': 'c' },
    '/1/s-d': { 'gcd-sfn:stack': 's', 'gcd-sfn:execution': 'd' },
    '/1/s-e': {},
  };
  const urls = Object.keys(tags);
  /** SQS is asked at the address of the queue. */
  const at = (paths: string[]) => paths.map((path) => `${process.env.AWS_ENDPOINT_URL}${path}`);
  const sqs = ({ operation, input }: Asked): Answer => {
    const { NextToken, QueueUrl = '', QueueName } = input as Record<string, string>;
    if (operation === 'ListQueues')
      return NextToken
        ? { QueueUrls: at(urls.slice(2)) }
        : { QueueUrls: at(urls.slice(0, 2)), NextToken: 'more' };
    if (operation === 'ListQueueTags') return { Tags: tags[new URL(QueueUrl).pathname] };
    if (operation === 'GetQueueUrl') {
      const found = urls.find((url) => url.endsWith(`/${QueueName}`));
      return found ? { QueueUrl: at([found])[0] } : { error: 'QueueDoesNotExist' };
    }
    if (operation === 'GetQueueAttributes') return { Attributes: { CreatedTimestamp: '5' } };
    return {};
  };

  test('of a stack are the same for runs and for the inventory, over all pages', async () => {
    const server = await answering(sqs);
    expect(await new SqsQueues({ access, prefix: 's' }).list()).toEqual(['a', 'b']);
    expect(
      server.asked.filter(({ operation }) => operation === 'ListQueues').map(({ input }) => input),
    ).toEqual([
      { QueueNamePrefix: 's-', MaxResults: 1000 },
      { QueueNamePrefix: 's-', MaxResults: 1000, NextToken: 'more' },
    ]);
    const inventory = queuesOfInventory(new SQSClient({ ...client, endpoint: server.endpoint }), 's');
    expect(await inventory.list([])).toEqual(
      ['a', 'b'].map((name) => ({ kind: 'queue', name, cluster: null, since: 5 })),
    );
    const queue = { kind: 'queue', cluster: null, since: null } as const;
    expect(await inventory.state({ ...queue, name: 'b' })).toBe('exists');
    expect(await inventory.state({ ...queue, name: 'd' })).toBe('deleted');
  });

  test("of others are neither found nor deleted nor taken for one's own", async () => {
    const server = await answering(sqs);
    const queues = new SqsQueues({ access, prefix: 's' });
    expect(await queues.find('b')).toBe(`${server.endpoint}/1/s-b`);
    for (const execution of ['2-c', 'd', 'e']) {
      expect(await queues.find(execution)).toBeUndefined();
      await queues.remove(execution);
      await expect(queues.create(execution, {})).rejects.toThrow(NotOurs);
    }
    await queues.remove('absent');
    await queues.remove('b');
    const deleted = server.asked.filter(({ operation }) => operation === 'DeleteQueue');
    expect(deleted.map(({ input }) => input)).toEqual([{ QueueUrl: `${server.endpoint}/1/s-b` }]);
  });
});

describe('executions', () => {
  const machines = {
    run: 'arn:aws:states:r:1:stateMachine:run',
    cleanup: 'arn:aws:states:r:1:stateMachine:c',
  };

  test('that run are listed over all pages, without children and those that ended', async () => {
    const server = await answering(({ operation, input }) => {
      if (operation !== 'ListExecutions')
        return String(input.executionArn).endsWith(':ended')
          ? { status: 'SUCCEEDED', input: '{}' }
          : { status: 'RUNNING', input: '{"run":"r"}' };
      return input.nextToken
        ? { executions: [{ name: 'b' }, { name: 'child', mapRunArn: 'm' }] }
        : { executions: [{ name: 'a' }, { name: 'ended' }], nextToken: 'more' };
    });
    const found = await new SfnExecutions({ access, machines }).running();
    expect(found).toEqual(['a', 'b'].map((name) => ({ name, run: 'r', state: 'running' })));
    const lists = server.asked.filter(({ operation }) => operation === 'ListExecutions');
    const input = { stateMachineArn: machines.run, statusFilter: 'RUNNING', maxResults: 1000 };
    expect(lists.map((one) => one.input)).toEqual([input, { ...input, nextToken: 'more' }]);
  });

  test('have a history that is read back to what is known, and none when they do not exist', async () => {
    const event = (id: number) => ({ id, type: 'ExecutionStarted', timestamp: 1 });
    const server = await answering(({ input }) => {
      if (String(input.executionArn).endsWith(':absent')) return { error: 'ExecutionDoesNotExist' };
      return input.nextToken
        ? { events: [event(3), event(2)], nextToken: 'never' }
        : { events: [event(5), event(4)], nextToken: 'more' };
    });
    const events = new SfnEvents({ access, machine: machines.run });
    expect((await events.since('a', 2)).last).toBe(5);
    expect(server.asked.map(({ input }) => [input.maxResults, input.nextToken])).toEqual([
      [50, undefined],
      [50, 'more'],
    ]);
    expect(await events.since('absent', 0)).toEqual({ last: 0, events: [] });
  });
});

describe('images', () => {
  test('in a missing repository are none to the inventory, and an error to runs', async () => {
    const server = await answering(() => ({ error: 'RepositoryNotFoundException' }));
    const images = new RepositoryImages(new ECRClient({ ...client, endpoint: server.endpoint }), 'r');
    expect(await images.list()).toEqual([]);
    expect(await images.exists('t', 'not-found', 'parent-not-found')).toBe(false);
    await expect(images.exists('t')).rejects.toThrow(Unreachable);
    await images.delete('t');
  });

  test('have builds that are searched in five pages', async () => {
    const server = await answering(({ operation }) =>
      operation === 'ListBuildsForProject' ? { ids: ['i'], nextToken: `${Math.random()}` } : { builds: [] },
    );
    const images = new CodeBuildImages({ access, repository: { name: 'r', uri: 'u/r' }, project: 'p' });
    expect(await images.status('d')).toEqual({ state: 'none' });
    expect(server.asked.filter(({ operation }) => operation === 'ListBuildsForProject')).toHaveLength(5);
  });
});

describe('clusters', () => {
  const eks = () => new EKSClient({ ...client, endpoint: process.env.AWS_ENDPOINT_URL as string });

  test('are deleted, or kept while they are in use, or do not exist', async () => {
    await eksAnswering({
      'DELETE /clusters/a': { cluster: {} },
      'DELETE /clusters/b': 'ResourceInUseException',
    });
    expect(await deleteCluster(eks(), 'a')).toBe(true);
    expect(await deleteCluster(eks(), 'b')).toBe(false);
    expect(await deleteCluster(eks(), 'c')).toBe(false);
  });

  test('have nodegroups over all pages; without a cluster there are none', async () => {
    await eksAnswering({
      'GET /clusters/a/node-groups': { nodegroups: ['x'], nextToken: 'more' },
      'GET /clusters/a/node-groups?nextToken=more': { nodegroups: ['y'] },
    });
    expect(await listNodegroups(eks(), 'a')).toEqual(['x', 'y']);
    expect(await listNodegroups(eks(), 'b')).toEqual([]);
  });

  test('give access: an entry that exists is taken, a cluster that does not exist is told', async () => {
    const role = 'arn:aws:iam::1:role/r';
    const entry = `/clusters/a/access-entries/${encodeURIComponent(role)}`;
    const requests = await eksAnswering({
      'POST /clusters/a/access-entries': 'ResourceInUseException',
      [`POST ${entry}/access-policies`]: {},
      'GET /clusters/a/access-entries': { accessEntries: [] },
    });
    const people = new EksClusterAccess({ access });
    await people.add('a', role, true);
    expect(requests).toEqual([
      'POST /clusters/a/access-entries',
      `POST ${entry}/access-policies`,
      `POST ${entry}/access-policies`,
    ]);
    expect(await people.list('a')).toEqual([]);
    expect(await people.remove('a', role)).toBe(false);
    for (const failing of [() => people.add('b', role, false), () => people.list('b')])
      await expect(failing()).rejects.toMatchObject({
        name: NotFound.name,
        message: 'there is no cluster b',
        hint: expect.stringContaining('gcd-sfn resources'),
      });
  });

  test('have identities over all pages; without a cluster there are none', async () => {
    const path = '/clusters/a/pod-identity-associations?namespace=gcd';
    const requests = await eksAnswering({
      [`GET ${path}`]: { associations: [{ serviceAccount: 'x' }], nextToken: 'more' },
      [`GET ${path}&nextToken=more`]: { associations: [{ serviceAccount: 'y' }] },
    });
    const identities = new EksIdentities({
      ...{
        access,
        podRoleArn: 'arn:aws:iam::1:role/p',
        bucket: 'b',
        stack: 's',
        region: 'r',
        mayMore: false,
      },
    });
    const listed = await identities.list('a');
    expect([requests, listed]).toEqual([
      [`GET ${path}`, `GET ${path}&nextToken=more`],
      ['x', 'y'],
    ]);
    expect(await identities.list('b')).toEqual([]);
  });
});
