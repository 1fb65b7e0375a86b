/** What options of `deploy` make of the stack's parameters. */

import { expect, test } from '@jest/globals';
import { Command } from 'commander';
import { parametersOf, settingOptions } from '../../../../../cli/aws/stack/settings.ts';

const given = (...words: string[]) => {
  const command = settingOptions(new Command()).exitOverride();
  return parametersOf(command.parse(words, { from: 'user' }).opts(), 'aws-cn');
};

test('what is not given is left as it is', () => {
  expect(given()).toEqual({});
});

test('policies and buckets, each of them as often as they are given', () => {
  const arn = 'arn:aws:iam::123456789012:policy/reads-secrets';
  const other = 'arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess';
  expect(given('--pod-policy', arn, '--pod-policy', other, '--pod-policy', arn)).toEqual({
    PodPolicyArns: `${arn},${other}`,
  });
  expect(
    given('--data-bucket', 'one', '--data-bucket', 's3://two/', '--data-bucket', 'arn:aws:s3:::three/2026/*'),
  ).toEqual({
    DataBuckets: [
      ...['arn:aws-cn:s3:::one', 'arn:aws-cn:s3:::one/*', 'arn:aws-cn:s3:::two', 'arn:aws-cn:s3:::two/*'],
      ...['arn:aws:s3:::three', 'arn:aws:s3:::three/2026/*'],
    ].join(','),
  });
  for (const name of ['one', 'aws'])
    expect(given('--data-bucket', `arn:aws:s3:::${name}`)).toEqual({
      DataBuckets: `arn:aws:s3:::${name},arn:aws:s3:::${name}/*`,
    });
  const topic = 'arn:aws:sns:us-east-1:123456789012:ends-of-runs';
  expect(given('--notify-topic', topic)).toEqual({ NotifyTopics: topic });
});

test('a word for each resets the setting, alone', () => {
  expect(given('--pod-policy', 'none', '--data-bucket', 'any')).toEqual({
    PodPolicyArns: null,
    DataBuckets: null,
  });
  expect(() => given('--data-bucket', 'any', '--data-bucket', 'one')).toThrow('--data-bucket any resets');
});

test('limits: the last that was given, and types in one list', () => {
  expect(given('--max-nodes', '5', '--max-nodes', '007', '--max-disk', '20')).toEqual({
    MaxNodes: '7',
    MaxDiskGiB: '20',
  });
  expect(given('--instance-types', 'm6i.*, c*', '--instance-types', '!*.metal*,c*')).toEqual({
    InstanceTypes: 'm6i.*,c*,!*.metal*',
  });
  expect(given('--max-nodes', 'default', '--max-disk', 'default', '--instance-types', 'default')).toEqual({
    MaxNodes: null,
    MaxDiskGiB: null,
    InstanceTypes: null,
  });
});

test.each([
  ['--max-nodes', '0', 'from 1 to 1000'],
  ['--max-nodes', '1001', 'from 1 to 1000'],
  ['--max-nodes', '1e2', 'from 1 to 1000'],
  ['--max-disk', '19', 'from 20 to 16384'],
  ['--max-disk', '', 'from 20 to 16384'],
  ['--instance-types', 'm6i.large;id', 'is not a pattern of instance types'],
  ['--instance-types', 'm*,,c*', 'is not a pattern of instance types'],
  ['--instance-types', '', 'is not a pattern of instance types'],
])('%s %j is refused: %s', (option, value, message) => {
  expect(() => given(option, value)).toThrow(message);
});

test.each([
  ['--pod-policy', 'reads-secrets'],
  ['--pod-policy', 'arn:aws:iam::123456789012:role/reads'],
  ['--pod-policy', 'arn:aws:iam::123456789012:policy/a,b'],
  ['--notify-topic', 'ends-of-runs'],
  ['--data-bucket', 'One'],
  ['--data-bucket', 'one,two'],
  ['--data-bucket', 'one/prefix'],
  ['--data-bucket', '*'],
  ['--data-bucket', 'arn:aws:s3:us-east-1:123456789012:accesspoint/one'],
])('%s %s is refused in a sentence', (option, value) => {
  expect(() => given(option, value)).toThrow(`'${value}' is n`);
});
