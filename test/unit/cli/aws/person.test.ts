import { expect, test } from '@jest/globals';
import { peopleOf, personOf } from '../../../../cli/aws/person.ts';

test.each([
  ['arn:aws:iam::123456789012:user/anna', 'anna'],
  ['arn:aws:iam::123456789012:user/lab/solar/anna', 'anna'],
  ['arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Researcher_1a2b/anna@lab.org', 'anna@lab.org'],
  ['arn:aws:sts::123456789012:assumed-role/ci/build-7', 'ci/build-7'],
  ['arn:aws:sts::123456789012:federated-user/anna', 'anna'],
  ['arn:aws:iam::123456789012:root', 'root'],
  [undefined, 'somebody'],
])('%s is %s', (arn, person) => expect(personOf(arn)).toBe(person));

test('people are counted, who has most first', () => {
  const [anna, ben] = ['anna', 'ben'].map((name) => `arn:aws:iam::1:user/${name}`);
  expect(peopleOf([ben, anna, anna, undefined])).toBe('anna (2), ben (1), somebody (1)');
});
