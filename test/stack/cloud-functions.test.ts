/** The packaged functions of the states that only a run on a cluster has: that each loads, and what it does where nothing is. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eksRequest } from '../support/cloud/run.ts';
import { Moto } from '../support/moto/moto.ts';
import { Bundles } from '../support/stack/packaged-functions.ts';
import { ofType, readTemplate } from '../support/stack/template.ts';

const template = readTemplate();
const names = ofType(template, 'AWS::Lambda::Function').map(([name]) => name.replace('LambdaFunction', ''));
/** By CloudFormation, which waits for an answer elsewhere. */
const askedOtherwise = ['ChooseZones'];

/** The variables that a function gets, with what there is in moto. */
function variablesOf(name: string): Record<string, string> {
  const { Variables = {} } = template.Resources[`${name}LambdaFunction`]?.Properties.Environment ?? {};
  const machine = (of: string) => `arn:aws:states:us-east-1:123456789012:stateMachine:stack-${of}`;
  const known: Record<string, string> = {
    GCD_BUCKET_NAME: 'stack',
    GCD_STACK_NAME: 'stack',
    GCD_REPOSITORY_URI: '123456789012.dkr.ecr.us-east-1.amazonaws.com/stack-repository',
    GCD_RUN_MACHINE_ARN: machine('run'),
    GCD_CLEAN_UP_MACHINE_ARN: machine('cleanup'),
    GCD_TOPIC_ARN: 'arn:aws:sns:us-east-1:123456789012:stack-topic',
  };
  return Object.fromEntries(Object.keys(Variables).map((one) => [one, known[one] ?? 'x']));
}

let moto: Moto;
let bundles: Bundles;
beforeAll(async () => {
  moto = await Moto.start();
  await moto.bucket('stack');
  const request = eksRequest('one', { config: { notify: null } });
  await moto.put('stack', 'runs/one/request.json', JSON.stringify(request));
  bundles = new Bundles(moto.env);
});
afterAll(async () => {
  bundles?.remove();
  await moto?.stop();
});

const ask = (name: string, event: unknown) =>
  bundles.invoke(name, event, { ...variablesOf(name), AWS_MAX_ATTEMPTS: '1' });

test.each(names.filter((name) => !askedOtherwise.includes(name)))(
  '%s loads, and refuses what it is not asked',
  async (name) => {
    const { error, log } = await ask(name, { run: '../other', execution: 7 });
    expect(error).toMatchObject({
      errorType: 'UsageError',
      errorMessage: expect.stringContaining('invalid event'),
    });
    expect(log).toEqual([expect.objectContaining({ level: 'error', state: name, error: 'UsageError' })]);
  },
);

describe('where nothing is', () => {
  const execution = { run: 'one', execution: 'one-1' };
  const nothing: [string, unknown, unknown][] = [
    ['StopBastion', { name: '' }, { state: 'ready' }],
    ['StopBastion', { name: 'b' }, { state: 'ready' }],
    ['SumCost', execution, { dollars: 0 }],
    ['Notify', { execution: 'one-1', state: execution }, {}],
    ['StopWorkers', { ...execution, cluster: 'c' }, { state: 'ready' }],
    [
      'ScaleDown',
      { execution: 'one-1', want: { cluster: 'c', nodegroup: 'gcd-m6i-large' } },
      { state: 'ready', at: expect.any(Number) },
    ],
    [
      'BeginCleanUp',
      { input: execution },
      expect.objectContaining({ ofRun: true, ...execution, cluster: 'c', bastion: 'b', tearDown: false }),
    ],
    [
      'BeginCleanUp',
      { input: { tearDown: true } },
      expect.objectContaining({ ofRun: false, tearDown: true }),
    ],
  ];
  test.each(nothing)('%s of %j', async (name, event, expected) => {
    const { result, error } = await ask(name, event);
    expect([error, result]).toEqual([undefined, expected]);
  });

  test('workers cannot be started, and the run is told so', async () => {
    const { error } = await ask('StartWorkers', {
      ...{ ...execution, cluster: 'c', repetition: 1, nodes: 1, since: new Date().toISOString() },
    });
    expect(error?.errorType).toBe('NotFound');
  });
});

test('a variable that the stack did not set is named', async () => {
  const { error } = await bundles.invoke('SumCost', { run: 'one', execution: 'one-1' });
  expect(error?.errorMessage).toBe('the environment variable GCD_BUCKET_NAME is not set');
});
