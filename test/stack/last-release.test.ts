/**
 * An update of the last release's stack: nothing that has a name of its own, or that runs and data stand on, is replaced.
 * CloudFormation makes the new one before it removes the old one, so that a name that is taken ends the update, and what is
 * removed takes what it holds with it. `test/fixtures/release/resources.json` has those resources with what replaces them,
 * by "Update requires: Replacement" in CloudFormation's reference of each type.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { packageRoot } from '../support/cli/project.ts';
import { replacing } from '../support/stack/replacement-properties.ts';
import { readTemplate } from '../support/stack/template.ts';

interface Kept {
  Type: string;
  [property: string]: unknown;
}

const before = JSON.parse(readFileSync(join(packageRoot, 'test/fixtures/release/resources.json'), 'utf8'))
  .resources as Record<string, Kept>;
const { Resources } = readTemplate();

/** What may go: functions, which hold nothing, with their logs and roles. */
const mayGo = (name: string, { Type }: Kept) =>
  Type === 'AWS::Lambda::Function' ||
  ((Type === 'AWS::Logs::LogGroup' || Type === 'AWS::IAM::Role') &&
    before[`${name.replace(/(Logs|Role)$/, '')}LambdaFunction`] !== undefined);

const names = ['FunctionName', 'LogGroupName', 'StateMachineName', 'GroupName', 'Name', 'RoleName'];
const nameOf = (Type: string, properties: Record<string, unknown>) =>
  names.flatMap((key) => (properties[key] ? [`${Type} ${JSON.stringify(properties[key])}`] : []));

test('what runs and data stand on is still there', () => {
  const missing = Object.entries(before).filter(([name, kept]) => !Resources[name] && !mayGo(name, kept));
  expect(missing.map(([name]) => name)).toEqual([]);
});

test('nothing with a name or with data is replaced', () => {
  const replaced = Object.entries(before).flatMap(([name, { Type, ...properties }]) => {
    const now = Resources[name];
    if (!now) return [];
    if (now.Type !== Type) return [`${name} was ${Type}, and is ${now.Type}`];
    const keys = replacing[Type] ?? [];
    return keys
      .filter((key) => JSON.stringify(now.Properties?.[key]) !== JSON.stringify(properties[key]))
      .map((key) => `${name}.${key}`);
  });
  expect(replaced).toEqual([]);
});

test('no name moves to another resource of the template', () => {
  const owners = new Map(
    Object.entries(before).flatMap(([owner, { Type, ...properties }]) =>
      nameOf(Type, properties).map((name) => [name, owner] as const),
    ),
  );
  const moved = Object.entries(Resources).flatMap(([name, { Type, Properties = {} }]) =>
    nameOf(Type, Properties).filter((taken) => (owners.get(taken) ?? name) !== name),
  );
  expect(moved).toEqual([]);
});
