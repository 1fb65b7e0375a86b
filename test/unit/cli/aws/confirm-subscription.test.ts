/** What is said before a run about who hears of its end. */
import { afterEach, expect, jest, test } from '@jest/globals';
import { confirmSubscription } from '../../../../cli/aws/confirm-subscription.ts';
import type { Config, Notify } from '../../../../core/config/config.ts';
import type { Cloud } from '../../../../runs/aws/cloud.ts';

const topic = 'arn:aws:sns:us-east-1:123456789012:ours';
const said: string[] = [];
jest.spyOn(console, 'error').mockImplementation((line) => void said.push(String(line)));
afterEach(() => void said.splice(0));

const invited = (notify: Notify | null, notifyTopics: string[]) => {
  const notifier = { invite: async () => true, send: async () => {} };
  const cloud = { notifier, stack: { name: 'lab', notifyTopics } } as unknown as Cloud;
  return confirmSubscription(cloud, { notify } as Config);
};

test('a topic to which the stack may not publish is told, with what to do', async () => {
  await invited({ kind: 'topic', arn: topic }, ['arn:aws:sns:us-east-1:123456789012:own']);
  expect(said).toEqual([
    expect.stringContaining('stack lab may not publish to it. gcd-sfn deploy --notify-topic'),
  ]);
});

test.each([
  ['that it may publish to', [topic]],
  ['of a stack that does not say', []],
])('a topic %s is no word worth', async (_, topics) => {
  await invited({ kind: 'topic', arn: topic }, topics);
  expect(said).toEqual([]);
});

test('an address is asked, and nobody is no word worth', async () => {
  await invited({ kind: 'email', address: 'me@example.org' }, []);
  expect(said).toEqual([expect.stringContaining('me@example.org gets notifications once confirmed')]);
  await invited(null, []);
  expect(said).toHaveLength(1);
});
