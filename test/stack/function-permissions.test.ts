/** Each function does its work with its own role's permissions, and can do nothing with another's. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { version } from '../../adapters/local/version.ts';
import { command, newProject } from '../support/cli/project.ts';
import { judge, type Keys, newUser } from '../support/moto/iam-users.ts';
import { Moto } from '../support/moto/moto.ts';
import { Bundles } from '../support/stack/packaged-functions.ts';
import { list, readTemplate, statementsOf } from '../support/stack/template.ts';

const stages = ['Validate', 'PlanTasks', 'Gather', 'Report'];
const keys: Record<string, Keys> = {};
let moto: Moto;
let bundles: Bundles;

beforeAll(async () => {
  moto = await Moto.start();
  await moto.bucket('data', { 'a.csv': 'Power\n1\n', 'b.csv': 'Power\n1\n', 'c.csv.gz': 'no table' });
  await moto.bucket('stack');
  bundles = new Bundles({
    ...moto.env,
    GCD_STACK_NAME: 'gcd-sfn',
    GCD_BUCKET_NAME: 'stack',
    GCD_VERSION: version(),
  });
  const project = await newProject({
    'entrypoint.py': 'def entrypoint(curr_process_file):\n    return {"file": curr_process_file}\n',
    'config.yaml': 'data_bucket: data\n',
  });
  try {
    await command(['start', '-p', project.folder, '-n', '0', '--name', 'one'], { env: moto.env });
    const folder = join(project.folder, '.gcd/runs/one');
    for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
      if (
        /^(request\.json|events\.jsonl|parts\/.*\.jsonl)$/.test(path) &&
        statSync(join(folder, path)).isFile()
      )
        await moto.put('stack', `runs/one/${path}`, readFileSync(join(folder, path), 'utf8'));
  } finally {
    await project.remove();
  }
  for (const stage of stages) keys[stage] = await newUser(moto, stage, permissionsOf(`${stage}Role`));
  await judge(moto, true);
});
afterAll(async () => {
  bundles?.remove();
  await moto?.stop();
});

/** The role's statements with the names that things have in moto. */
function permissionsOf(role: string): unknown[] {
  const resolved = (resource: unknown): string => {
    if (typeof resource === 'string') return resource;
    if ((resource as { Ref?: string }).Ref === 'DataBuckets') return '*';
    const { 'Fn::Sub': text, 'Fn::GetAtt': [name] = [] } = resource as {
      'Fn::Sub'?: string;
      'Fn::GetAtt'?: string[];
    };
    const plain = text ?? `\${${name}.Arn}`;
    return plain
      .replace(/\$\{Bucket\.Arn\}/, 'arn:aws:s3:::stack')
      .replace(/\$\{AWS::Partition\}/, 'aws')
      .replace(/\$\{(\w+Logs)\.Arn\}/, 'arn:aws:logs:us-east-1:123456789012:log-group:$1:*');
  };
  const found = statementsOf(readTemplate()).filter((statement) => statement.role === role);
  expect(found.length).toBeGreaterThan(1);
  return found.map(({ role: _, Resource, Condition, ...statement }) => ({
    ...statement,
    Resource: list(Resource).map(resolved),
    ...(Condition && {
      Condition: JSON.parse(JSON.stringify(Condition), (_key, value) =>
        value?.['Fn::Sub'] ? resolved(value).replace(/\$\{AWS::URLSuffix\}/, 'amazonaws.com') : value,
      ),
    }),
  }));
}

test('a run goes through, each stage with the permissions of its own role', async () => {
  for (const stage of stages) {
    const event = stage === 'Validate' ? { input: { run: 'one' }, execution: 'one-1' } : { run: 'one' };
    const { result, error } = await bundles.invoke(stage, event, keys[stage]);
    expect([stage, error]).toEqual([stage, undefined]);
    expect(result).toBeTruthy();
  }
});

test('a role that lacks a permission is told which', async () => {
  const { error } = await bundles.invoke(
    'PlanTasks',
    { run: 'one' },
    {
      ...(keys.Validate as Keys),
      AWS_MAX_ATTEMPTS: '1',
    },
  );
  // It may read the request, and not the plan beside it.
  expect(error).toMatchObject({
    errorType: 'AccessDenied',
    errorMessage: expect.stringContaining('s3:GetObject'),
  });
});
