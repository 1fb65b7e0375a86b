/** What options of `deploy` make of the stack's parameters. */

import { expect, test } from '@jest/globals';
import { Command } from 'commander';
import { parametersOf, settingOptions } from '../../../../cli/cloud/stack-settings.ts';

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

test('a word for each takes back what is set, alone', () => {
  expect(given('--pod-policy', 'none', '--data-bucket', 'any')).toEqual({
    PodPolicyArns: null,
    DataBuckets: null,
  });
  expect(() => given('--data-bucket', 'any', '--data-bucket', 'one')).toThrow('--data-bucket any takes back');
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
