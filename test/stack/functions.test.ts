/** The packaged functions, against moto's S3: what a run on AWS asks of them. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { version } from '../../adapters/local/version.ts';
import type { Config } from '../../core/config/config.ts';
import { command, newProject } from '../support/cli/project.ts';
import { wholeConfig } from '../support/cloud/run.ts';
import { localRequest } from '../support/memory/local-request.ts';
import { Moto } from '../support/moto/moto.ts';
import { Bundles } from '../support/stack/packaged-functions.ts';

const entrypoint = `
def entrypoint(curr_process_file, curr_process_column, data_file):
    if curr_process_file.endswith("bad.csv"):
        raise ValueError("a bad file")
    with open(data_file) as file:
        return {"file": curr_process_file, "column": curr_process_column, "bytes": len(file.read())}
`;
const data = {
  'some/a.csv': 'Time,Power(W),Power_2(W)\n1,2,3\n',
  'some/bad.csv': 'Power\n1\n',
  'some/b [1] é+%.csv': 'Power\n1\n',
  'some/deep/c.csv': `Power\n${'12345\n'.repeat(1000)}`,
  'some/none.csv': 'Wind\n',
};
const stackBucket = 'stack';

let moto: Moto;
let bundles: Bundles;
let project: Awaited<ReturnType<typeof newProject>>;
beforeAll(async () => {
  moto = await Moto.start();
  await moto.bucket('data', data);
  await moto.bucket(stackBucket);
  bundles = new Bundles({
    ...moto.env,
    ...{ GCD_STACK_NAME: 'gcd-sfn', GCD_BUCKET_NAME: stackBucket, GCD_VERSION: version() },
  });
  project = await newProject({
    'entrypoint.py': entrypoint,
    'config.yaml': 'data_bucket: s3://data/some\nprocess_column_keywords: Power\n',
  });
});
afterAll(async () => {
  await project?.remove();
  bundles?.remove();
  await moto?.stop();
});

const get = (key: string) =>
  // moto gives objects to whom it believes to know.
  fetch(`${moto.endpoint}/${stackBucket}/${key}`, {
    headers: { authorization: 'AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/s3/aws4_request' },
  });
const read = async (key: string) => (await get(key)).text();

/** Puts files of a local run into the stack's bucket, as workers and the command line would. */
async function upload(run: string, wanted: (path: string) => boolean): Promise<void> {
  const folder = join(project.folder, '.gcd/runs', run);
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    if (statSync(join(folder, path)).isFile() && wanted(path))
      await moto.put(stackBucket, `runs/${run}/${path}`, readFileSync(join(folder, path), 'utf8'));
}

describe('a run', () => {
  test('that is planned and gathered by the functions leaves the files of a local one', async () => {
    const { code } = await command(['start', '-p', project.folder, '-n', '0', '--name', 'one'], {
      env: moto.env,
    });
    expect(code).toBe(1);
    await upload('one', (path) => path === 'request.json');

    const validated = await bundles.invoke('Validate', { input: { run: 'one' }, execution: 'one-1' });
    expect(validated.result).toEqual({
      run: 'one',
      execution: 'one-1',
      startedAt: expect.any(Number),
      cluster: null,
      target: { kind: 'local' },
      store: { bucket: stackBucket, batches: 'runs/one/batches.jsonl', mapOutput: 'runs/one/map-output' },
      next: { repetition: 1 },
      prepared: { built: false, nodes: 0, bastion: null },
      ...{ bastion: null, stopped: null, outcome: {}, failures: {}, passed: {} },
      repetitions: 1,
    });

    const planned = await bundles.invoke('PlanTasks', { run: 'one' });
    expect(planned.result).toEqual({ state: 'ready', tasks: 5, batches: expect.any(Number) });
    const local = (path: string) => readFileSync(join(project.folder, '.gcd/runs/one', path), 'utf8');
    for (const file of ['manifest.jsonl', 'skipped.jsonl', 'batch-tasks.jsonl'])
      expect(await read(`runs/one/${file}`)).toBe(local(file));
    // Planned once: what workers were handed stays as it is.
    await moto.put('data', 'some/later.csv', 'Power\n');
    expect((await bundles.invoke('PlanTasks', { run: 'one' })).result).toEqual(planned.result);

    await upload('one', (path) => path.startsWith('parts/') || path === 'events.jsonl');
    const gathered = await bundles.invoke('Gather', { run: 'one', repetitions: 1 });
    expect(gathered.result).toEqual({ succeeded: 4, failed: 1, unfinished: 0 });
    for (const file of ['results.csv', 'logs.csv', 'error.csv'])
      expect(await read(`runs/one/results/${file}`)).toBe(await project.read(`results/${file}`));
    expect(
      (await read(`projects/${JSON.parse(local('request.json')).projectName}/history/durations.bin`)).length,
    ).toBeGreaterThan(0);

    const reported = await bundles.invoke('Report', { run: 'one' });
    expect(reported).toMatchObject({ result: { files: expect.arrayContaining(['results/runtime.png']) } });
    const image = await get('runs/one/results/runtime.png');
    const png = Buffer.from(await image.arrayBuffer());
    const localPng = readFileSync(join(project.folder, 'results/runtime.png'));
    // Signature, and width and height: the renderer and its fonts are in the package.
    expect(png.subarray(0, 24)).toEqual(localPng.subarray(0, 24));
    expect(png.length).toBeGreaterThan(localPng.length / 2);
    expect(await read('runs/one/results/report.html')).toContain('a bad file');
  });
});

describe('errors', () => {
  const ask = (run: string, config: Partial<Config> = {}) => {
    const request = localRequest(run, { config: { ...wholeConfig, ...config } });
    return moto.put(stackBucket, `runs/${run}/request.json`, JSON.stringify(request));
  };
  const failing = async (run: string, dataBucket: Config['dataBucket']) => {
    await ask(run, { dataBucket });
    return bundles.invoke('PlanTasks', { run });
  };

  test('have the names that the definition knows, and no trace', async () => {
    const { error, log } = await bundles.invoke('Gather', { run: 'never' });
    expect(error).toEqual({
      errorType: 'RunNotFound',
      errorMessage: 'run never does not exist in s3://stack/runs/never',
      trace: ['RunNotFound: run never does not exist in s3://stack/runs/never'],
    });
    expect(log).toEqual([
      {
        level: 'error',
        state: 'Gather',
        run: 'never',
        requestId: 'request-1',
        seconds: expect.any(Number),
        error: 'RunNotFound',
        message: error?.errorMessage,
      },
    ]);
  });

  test('of adapters and stages keep theirs when they are minified', async () => {
    const nothing = await failing('empty', { kind: 's3', bucket: 'data', prefix: 'nothing/' });
    expect(nothing.error?.errorType).toBe('NothingToDo');
    const { error, log } = await failing('local', { kind: 'folder', path: '/home/me/data' });
    expect(error).toMatchObject({
      errorType: 'UsageError',
      errorMessage: expect.stringContaining('/home/me/data'),
    });
    expect(log[0]?.hint).toContain('Copy the data to S3');
    const { error: unreachable } = await bundles.invoke(
      'PlanTasks',
      { run: 'local' },
      {
        AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
        AWS_MAX_ATTEMPTS: '1',
      },
    );
    expect(unreachable?.errorType).toBe('Unreachable');
  });

  test('that are bugs keep their stack', async () => {
    await ask('torn');
    await moto.put(stackBucket, 'runs/torn/plan.json', '{"tasks": ');
    const { error, log } = await bundles.invoke('PlanTasks', { run: 'torn' });
    expect(error?.errorType).toBe('SyntaxError');
    expect(error?.trace.length).toBeGreaterThan(1);
    expect(log[0]).toMatchObject({ error: 'SyntaxError', stack: expect.stringContaining('handler.mjs') });
  });

  test('a request that cannot be used is refused by whoever reads it, and its key is named', async () => {
    const forged = { ...localRequest('forged'), target: { kind: 'eks', cluster: { name: "lab'; id" } } };
    await moto.put(stackBucket, 'runs/forged/request.json', JSON.stringify(forged));
    await moto.put(stackBucket, 'runs/half/request.json', '{"run": "ha');
    for (const [run, fault] of [
      ['forged', 'target.cluster.name must be a name'],
      ['half', 'it is no JSON'],
    ] as const)
      for (const [name, event] of [
        ['Validate', { input: { run }, execution: `${run}-1` }],
        ['PlanTasks', { run }],
        ['Gather', { run }],
        ['Report', { run }],
        ['LimitCost', { run, execution: `${run}-1`, startedAt: 1, built: false }],
      ] as const) {
        const { error } = await bundles.invoke(name, event);
        expect([name, error]).toEqual([
          name,
          expect.objectContaining({
            errorType: 'RequestInvalid',
            errorMessage: expect.stringContaining(fault),
          }),
        ]);
        expect(error?.trace.filter((line) => line.startsWith('    at '))).toEqual([]);
      }
  });

  test('an event that is none is refused before anything is read', async () => {
    for (const event of [{}, { run: '../other' }, { run: 7 }, null]) {
      const { error } = await bundles.invoke('Gather', event, { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' });
      expect(error?.errorType).toBe('UsageError');
      expect(error?.errorMessage).toContain('invalid event');
    }
  });

  test('nothing goes wrong: one line about it', async () => {
    await ask('fine');
    const { log } = await bundles.invoke('Validate', { input: { run: 'fine' }, execution: 'fine-1' });
    expect(log).toEqual([
      { level: 'info', state: 'Validate', run: 'fine', requestId: 'request-1', seconds: expect.any(Number) },
    ]);
  });
});

test('zones that EKS can use are chosen, and CloudFormation is told', async () => {
  const answers: Record<string, unknown>[] = [];
  const server = createServer(async (request, response) => {
    expect(request.method).toBe('PUT');
    answers.push(JSON.parse((await request.setEncoding('utf8').toArray()).join('')));
    response.end();
  }).listen(0, '127.0.0.1');
  const { port } = await new Promise<AddressInfo>((resolve) => {
    server.once('listening', () => resolve(server.address() as AddressInfo));
  });
  const event = {
    RequestType: 'Create',
    ResponseURL: `http://127.0.0.1:${port}/answer`,
    StackId: 'stack-1',
    RequestId: 'request-2',
    LogicalResourceId: 'Zones',
  };
  try {
    await bundles.invoke('ChooseZones', event);
    await bundles.invoke('ChooseZones', { ...event, RequestType: 'Delete', PhysicalResourceId: 'x,y' });
    await bundles.invoke('ChooseZones', event, {
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_MAX_ATTEMPTS: '1',
    });
  } finally {
    server.close();
  }
  const [made, removed, failed] = answers;
  // In moto's us-east-1, use1-az3 comes before use1-az4 and 1e.
  expect(made).toMatchObject({
    Status: 'SUCCESS',
    StackId: 'stack-1',
    RequestId: 'request-2',
    LogicalResourceId: 'Zones',
  });
  const { First, Second } = (made?.Data ?? {}) as { First?: string; Second?: string };
  expect([First, Second]).toEqual([
    expect.stringMatching(/^us-east-1[a-f]$/),
    expect.stringMatching(/^us-east-1[a-f]$/),
  ]);
  expect(First).not.toBe(Second);
  expect(made?.PhysicalResourceId).toMatch(/^use1-az\d,use1-az\d$/);
  expect(removed).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'x,y' });
  expect(failed).toMatchObject({
    Status: 'FAILED',
    Reason: expect.stringContaining('ec2:DescribeAvailabilityZones'),
  });
});
