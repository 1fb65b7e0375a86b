/** What is said of changes to the stack, and of what happens to it. */
import { describe, expect, test } from '@jest/globals';
import { stepLine } from '../../../../../cli/aws/stack/progress.ts';
import { renderChangeSet, summarizeResources } from '../../../../../cli/aws/stack/render-change-set.ts';
import type { StackChange } from '../../../../../ports/account/deployment.ts';

const change = (what: StackChange['what'], resource: string, type: string): StackChange => ({
  what,
  resource,
  type,
});

describe('renderChangeSet', () => {
  test('what is lost comes first, and names of a kind stand together', () => {
    expect(
      renderChangeSet([
        change('add', 'Topic', 'AWS::SNS::Topic'),
        change('change', 'A', 'AWS::Lambda::Function'),
        change('change', 'B', 'AWS::Lambda::Function'),
        change('replace', 'Vpc', 'AWS::EC2::VPC'),
        change('remove', 'Bucket', 'AWS::S3::Bucket'),
      ]),
    ).toEqual([
      '  remove 1 S3 Bucket: Bucket',
      '  replace 1 EC2 VPC: Vpc',
      '  change 2 Lambda Function: A, B',
      '  add 1 SNS Topic: Topic',
    ]);
  });

  test('of many names the rest is counted', () => {
    const many = ['A', 'B', 'C', 'D', 'E', 'F'].map((name) => change('change', name, 'AWS::IAM::Role'));
    expect(renderChangeSet(many)).toEqual(['  change 6 IAM Role: A, B, C, D and 2 more']);
  });
});

test('summarizeResources counts kinds, the most numerous first', () => {
  const of = (type: string, count: number) => Array.from({ length: count }, () => change('add', '', type));
  const all = [
    ...of('AWS::S3::Bucket', 2),
    ...of('AWS::IAM::Role', 9),
    ...of('AWS::Lambda::Function', 8),
    ...of('AWS::Logs::LogGroup', 3),
    ...of('AWS::EC2::VPC', 1),
    ...of('AWS::SNS::Topic', 1),
  ];
  expect(summarizeResources(all)).toBe(
    '24 resources: 9 IAM Roles, 8 Lambda Functions, 3 Logs LogGroups, 2 S3 Buckets and 2 more',
  );
});

describe('stepLine', () => {
  const step = { id: '1', resource: 'Vpc', type: 'AWS::EC2::VPC', reason: null };

  test.each([
    ['CREATE_COMPLETE', 'created  Vpc (EC2 VPC)'],
    ['UPDATE_COMPLETE', 'updated  Vpc (EC2 VPC)'],
    ['DELETE_COMPLETE', 'deleted  Vpc (EC2 VPC)'],
    ['DELETE_SKIPPED', 'kept     Vpc (EC2 VPC)'],
    ['UPDATE_ROLLBACK_COMPLETE', 'rolled back Vpc (EC2 VPC)'],
    ['CREATE_IN_PROGRESS', undefined],
    ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', undefined],
  ])('%s', (status, line) => {
    expect(stepLine({ ...step, status })).toBe(line);
  });

  test('a failure says why, and does nothing to the terminal', () => {
    expect(stepLine({ ...step, status: 'CREATE_FAILED', reason: 'no \u001b[31mway' })).toBe(
      'create failed Vpc (EC2 VPC): no \\x1b[31mway',
    );
  });
});
