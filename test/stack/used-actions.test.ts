/** What functions' adapters ask AWS for, their roles allow, and no more: a new request is found before it is refused. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { type Setting, settingVariables } from '../../functions/lambda/settings.ts';
import { packageRoot } from '../support/cli/project.ts';
import { actionsInText } from '../support/iam/sdk-actions.ts';
import { list, readTemplate, statementsOf } from '../support/stack/template.ts';

const template = readTemplate();
/** Requests of adapters' methods that no function calls. */
const notAsked: Record<string, string> = {
  'ec2:AuthorizeSecurityGroupIngress': 'the command line does',
  'codebuild:StartBuild': 'the machine itself builds',
  'scheduler:CreateSchedule': 'the command line does',
  'scheduler:DeleteSchedule': 'the command line does',
  'scheduler:ListSchedules': 'the command line does',
  'sts:GetCallerIdentity': 'everybody may',
};

const handlers = readdirSync(join(packageRoot, 'functions'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /(^|[/-])handler\.ts$/.test(file))
  .map((file) => join('functions', file));
const statements = statementsOf(template);
const functionsOf = (handler: string) =>
  Object.values(template.Resources).filter(
    ({ Type, Properties }) =>
      Type === 'AWS::Lambda::Function' && String(Properties.Handler).startsWith(handler.replace('.ts', '.')),
  );
const rolesOf = (handler: string): string[] =>
  functionsOf(handler).map(({ Properties }) => Properties.Role['Fn::GetAtt'][0]);

/** What a function's zip has of our code, packages left out: ports that a handler does not use are dropped from it. */
async function bundleOf(handler: string): Promise<string> {
  const { outputFiles } = await build({
    ...{ entryPoints: [handler], absWorkingDir: packageRoot, write: false, bundle: true, treeShaking: true },
    ...{ format: 'esm', platform: 'node', packages: 'external' },
  });
  return outputFiles.map(({ text }) => text).join('\n');
}
const bundles = new Map(
  await Promise.all(handlers.map(async (handler) => [handler, await bundleOf(handler)] as const)),
);

/** Names of the variables that a bundle reads; Lambda itself sets those that are not ours. */
const variablesIn = (bundle: string): string[] =>
  [...bundle.matchAll(/\bsettings?\d*\("(\w+)"\)/g)]
    .map(([, name]) => settingVariables[name as Setting])
    .filter((name) => name.startsWith('GCD_'));

test('every variable that is asked for is given to a function with that handler', () => {
  const missing = [...bundles].flatMap(([handler, bundle]) => {
    const given = new Set(
      functionsOf(handler).flatMap(({ Properties }) => Object.keys(Properties.Environment?.Variables ?? {})),
    );
    const asked = new Set(variablesIn(bundle));
    return [...asked].filter((name) => !given.has(name)).map((name) => `${handler}: ${name}`);
  });
  expect(missing).toEqual([]);
});

test('every request that an adapter can make is allowed to a function that has the adapter', () => {
  const by = new Map<string, Set<string>>();
  for (const [handler, bundle] of bundles) {
    const roles = rolesOf(handler);
    expect([handler, roles.length > 0]).toEqual([handler, true]);
    for (const action of actionsInText(bundle)) {
      const known = by.get(action) ?? new Set();
      for (const role of roles) known.add(role);
      by.set(action, known);
    }
  }
  expect(by.size).toBeGreaterThan(50);
  const missing = [...by].filter(
    ([action, roles]) =>
      !notAsked[action] &&
      !statements.some(({ role, Action }) => roles.has(role) && list(Action).includes(action)),
  );
  expect(missing.map(([action, roles]) => `${action}: ${[...roles].join(', ')}`)).toEqual([]);
  for (const action of Object.keys(notAsked)) expect([...by.keys()]).toContain(action);
});

test('and no more: what a role allows, the function asks for itself, or AWS on its behalf', () => {
  /** Asked of IAM for what a request makes besides, or by a service that works for the function. */
  const besides: Record<string, string> = {
    'ec2:CreateTags': 'tags that are given while something is made',
    'ec2:DescribeSecurityGroups': 'EKS looks at the network',
    'ec2:DescribeSubnets': 'EKS looks at the network',
    'ec2:DescribeVpcs': 'EKS looks at the network',
    'ec2:RunInstances': 'EKS tries a launch template',
    'eks:TagResource': 'tags that are given while something is made',
    'iam:CreateServiceLinkedRole': 'the first cluster of an account',
    'iam:GetRole': 'EKS checks the role of nodes',
    'iam:ListAttachedRolePolicies': 'EKS checks the role of nodes',
    'iam:PassRole': 'a role that is given to a service',
    'kms:Decrypt': 'S3 decrypts what a customer’s key encrypts',
    'logs:CreateLogStream': 'Lambda writes the log',
    'logs:PutLogEvents': 'Lambda writes the log',
    's3:AbortMultipartUpload': 'an upload that is given up',
    'sqs:TagQueue': 'tags that are given while something is made',
    'ssm:GetParameters': 'EC2 looks up the newest image',
  };
  const idle = [...bundles].flatMap(([handler, bundle]) => {
    const asked = new Set(actionsInText(bundle));
    return statements
      .filter(({ role }) => rolesOf(handler).includes(role))
      .flatMap(({ role, Action }) => list(Action).map((action) => [role, action] as const))
      .filter(([, action]) => !asked.has(action) && !besides[action])
      .map(([role, action]) => `${role}: ${action}`);
  });
  expect(idle).toEqual([]);
});
