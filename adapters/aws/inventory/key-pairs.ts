/** The public halves of the keys of those who debug; the private ones never leave their disks. */
import { DeleteKeyPairCommand, DescribeKeyPairsCommand, type EC2Client } from '@aws-sdk/client-ec2';
import type { Asked } from '../client/errors.ts';
import { ask, askGone, isOurs, type Part, seconds, tagsOf } from './resource-kind.ts';

export const keyPairsPart = (ec2: EC2Client, stack: string): Part => ({
  async list() {
    // EC2 gives all of them at once.
    const found = await ask(asked('DescribeKeyPairs', '*'), () =>
      ec2.send(new DescribeKeyPairsCommand({ Filters: [{ Name: 'tag:managedBy', Values: ['gcd-sfn'] }] })),
    );
    return (found?.KeyPairs ?? [])
      .filter(({ Tags }) => isOurs(tagsOf(Tags), stack))
      .map(({ KeyName = '', CreateTime }) => ({
        kind: 'key-pair',
        name: KeyName,
        cluster: null,
        since: seconds(CreateTime),
      }));
  },

  async state({ name }) {
    const found = await ask(asked('DescribeKeyPairs', name), () =>
      ec2.send(new DescribeKeyPairsCommand({ KeyNames: [name] })),
    );
    return found?.KeyPairs?.length ? 'there' : 'gone';
  },

  remove: ({ name }) =>
    askGone(asked('DeleteKeyPair', name), () => ec2.send(new DeleteKeyPairCommand({ KeyName: name }))),
});

const asked = (verb: string, name: string): Asked => ({
  action: `ec2:${verb}`,
  arn: verb.startsWith('Describe') ? '*' : 'arn:aws:ec2:*:*:key-pair/*',
  what: name === '*' ? 'key pairs' : `key pair ${name}`,
});
