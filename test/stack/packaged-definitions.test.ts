/** The state machines as they are packaged, what they may do, and what calls the janitor. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references of CloudFormation and of IAM
import { describe, expect, test } from '@jest/globals';
import aslValidator from 'asl-validator';
import { type Definition, forEachState, readDefinition } from '../../runs/local/walk/definition.ts';
import { filled, machines, textOf } from '../support/stack/packaged-definitions.ts';
import { list, ofType, readTemplate, statementsOf } from '../support/stack/template.ts';

const template = readTemplate();
const { Resources } = template;
const statements = statementsOf(template);

const functionsIn = (id: string): string[] => [
  ...new Set(
    [...textOf(id).matchAll(/\$\{(\w+LambdaFunction)\.Arn\}/g)].map(([, function_ = '']) => function_),
  ),
];

test('there are two', () => {
  const found = ofType(template, 'AWS::StepFunctions::StateMachine').map(([id]) => id);
  expect(found.sort()).toEqual(machines.map(({ id }) => id).sort());
});

describe.each(machines)('$id', ({ id, name }) => {
  const { Properties } = Resources[id] as (typeof Resources)[string];

  test('walks the definition that a local run walks', async () => {
    const packaged: Definition = JSON.parse(filled(textOf(id)));
    const { isValid, errorsText } = aslValidator(structuredClone(packaged) as never);
    expect(isValid ? '' : errorsText('\n')).toBe('');
    expect(filled(textOf(id))).not.toMatch(/[$#]\{/);

    const written = await readDefinition(name);
    const withoutResource = (definition: Definition) => {
      // How long an execution may take, only the stack says.
      const { TimeoutSeconds: _, ...copy } = structuredClone(definition);
      forEachState(copy, (_name, state) => {
        delete state.Resource;
        delete (state.ItemReader as { Resource?: string } | undefined)?.Resource;
        delete (state.ResultWriter as { Resource?: string } | undefined)?.Resource;
        // The project is the stack's.
        const parameters = (state.Parameters ?? {}) as Record<string, unknown>;
        if (parameters.ProjectName) parameters.ProjectName = '';
      });
      return copy;
    };
    expect(withoutResource(packaged)).toEqual(withoutResource(written));
    forEachState(written, (state, { Resource = '' }) => {
      const [, function_] = /^\$\{(\w+)\}$/.exec(String(Resource)) ?? [];
      if (!function_) return;
      let found = '';
      forEachState(packaged, (one, { Resource: of }) => {
        if (one === state) found = String(of);
      });
      expect(found).toMatch(new RegExp(`:function:(stack-)?${function_}$`));
    });
  });

  test('is a standard one with its own role, called as the stack', () => {
    expect(Properties).toMatchObject({
      StateMachineName: { 'Fn::Sub': `\${AWS::StackName}-${name}` },
      StateMachineType: 'STANDARD',
      RoleArn: { 'Fn::GetAtt': [`${id}Role`, 'Arn'] },
    });
  });

  test('logs errors without the data of users, into a group of the stack that forgets', () => {
    const { Level, IncludeExecutionData, Destinations } = Properties.LoggingConfiguration;
    expect([Level, IncludeExecutionData]).toEqual(['ERROR', false]);
    const [group] = Destinations[0].CloudWatchLogsLogGroup.LogGroupArn['Fn::GetAtt'];
    expect(Resources[group]?.Properties).toMatchObject({
      RetentionInDays: 30,
      // With another beginning, Step Functions fills a policy of the account that has room for ten groups.
      LogGroupName: { 'Fn::Sub': `/aws/vendedlogs/states/\${AWS::StackName}-${name}` },
    });
    const logs = statements.find(({ role, Sid }) => role === `${id}Role` && Sid === 'LogsErrors');
    expect(logs?.Action).toContain('logs:CreateLogDelivery');
  });

  test('asks functions that there are, and may ask these and no other', () => {
    for (const function_ of functionsIn(id))
      expect([function_, Resources[function_]?.Type]).toEqual([function_, 'AWS::Lambda::Function']);
    const asks = statements.find(({ role, Sid }) => role === `${id}Role` && Sid === 'InvokesFunctions');
    // By names, not by `Fn::GetAtt`: the role is there before the functions, and IAM knows it everywhere when the machine
    // is made.
    const before = `arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:`;
    const ofStack = `${before}\${AWS::StackName}-`;
    const allowed = list(asks?.Resource as { 'Fn::Sub': string }[]).map(({ 'Fn::Sub': arn }) =>
      arn.startsWith(ofStack) ? `${arn.slice(ofStack.length)}LambdaFunction` : arn,
    );
    expect(allowed.sort()).toEqual(functionsIn(id).sort());
  });

  test('gives its functions the time that they have themselves', async () => {
    const definition: Definition = JSON.parse(textOf(id));
    forEachState(definition, (state, { Resource, TimeoutSeconds }) => {
      const [, function_ = ''] = /^\$\{(\w+)\.Arn\}$/.exec(String(Resource)) ?? [];
      if (!function_) return;
      const { Timeout } = Resources[function_]?.Properties ?? {};
      expect([state, Timeout]).toEqual([state, expect.any(Number)]);
      expect(Timeout).toBeLessThanOrEqual(TimeoutSeconds as number);
    });
  });
});

test('every function is asked by a machine, a rule or CloudFormation', () => {
  const asked = [...functionsIn('RunMachine'), ...functionsIn('CleanUpMachine')];
  const others = ['ChooseZonesLambdaFunction', 'JanitorLambdaFunction'];
  const all = ofType(template, 'AWS::Lambda::Function').map(([name]) => name);
  expect(all.sort()).toEqual([...new Set([...asked, ...others])].sort());
});

test('the machine of the runs can build images and hear of their end, and can start children', () => {
  const actions = statements
    .filter(({ role }) => role === 'RunMachineRole')
    .flatMap(({ Action }) => list(Action));
  for (const action of [
    'codebuild:StartBuild',
    'codebuild:StopBuild',
    'codebuild:BatchGetBuilds',
    'events:PutRule',
    'events:PutTargets',
    'events:DescribeRule',
    'states:StartExecution',
    'states:DescribeExecution',
    'states:StopExecution',
    'sqs:SendMessage',
  ])
    expect(actions).toContain(action);
  const hears = statements.find(({ Sid }) => Sid === 'ReceivesBuildEvents')?.Resource as {
    'Fn::Sub': string;
  };
  expect(hears['Fn::Sub']).toMatch(/:rule\/StepFunctionsGetEventForCodeBuildStartBuildRule$/);
});

describe('the janitor is called', () => {
  const rules = ofType(template, 'AWS::Events::Rule');
  const rule = (name: string) => Resources[name]?.Properties;
  const target = { 'Fn::GetAtt': ['JanitorLambdaFunction', 'Arn'] };

  test('every five minutes: no Catch sees an execution that is stopped, or States.DataLimitExceeded', () => {
    expect(rule('EveryFiveMinutes')).toMatchObject({
      ScheduleExpression: 'rate(5 minutes)',
      Targets: [{ Arn: target, Input: '{}' }],
    });
  });

  test('and as soon as EventBridge tells of such an end', () => {
    expect(rule('BadEnds')).toMatchObject({
      EventPattern: {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: { status: ['ABORTED', 'TIMED_OUT', 'FAILED'], stateMachineArn: [{ Ref: 'RunMachine' }] },
      },
      Targets: [
        {
          Arn: target,
          InputTransformer: {
            InputPathsMap: { execution: '$.detail.name' },
            InputTemplate: '{"execution": <execution>}',
          },
        },
      ],
    });
  });

  test('by these rules and by nothing else', () => {
    const permissions = ofType(template, 'AWS::Lambda::Permission').map(([, { Properties }]) => Properties);
    expect(rules).toHaveLength(2);
    expect(permissions).toHaveLength(rules.length);
    for (const [name] of rules)
      expect(permissions).toContainEqual(
        expect.objectContaining({
          FunctionName: { Ref: 'JanitorLambdaFunction' },
          Principal: 'events.amazonaws.com',
          SourceArn: { 'Fn::GetAtt': [name, 'Arn'] },
        }),
      );
  });
});
