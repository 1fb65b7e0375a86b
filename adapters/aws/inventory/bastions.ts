/** Bastions. */
import type { EC2Client, Instance } from '@aws-sdk/client-ec2';
import { clusterTag, isOfStack, secondsOf, tagsFromList } from '../client/tags.ts';
import {
  bastionInstances,
  bastionNameOf,
  isTerminated,
  isTerminating,
  terminateBastion,
} from '../ec2/bastion-instances.ts';
import type { ResourceHandler } from './resource-kind.ts';

export function bastions(ec2: EC2Client, stack: string): ResourceHandler {
  /** The stack's, until they are terminated. @param name null for all */
  const instances = async (name: string | null): Promise<Instance[]> =>
    (await bastionInstances(ec2, name)).filter(
      (one) => !isTerminated(one) && isOfStack(tagsFromList(one.Tags), stack),
    );

  return {
    async list() {
      const byName = new Map((await instances(null)).map((one) => [bastionNameOf(one), one]));
      return [...byName].map(([name, { Tags, LaunchTime }]) => ({
        kind: 'bastion',
        name,
        cluster: tagsFromList(Tags)[clusterTag] ?? null,
        since: secondsOf(LaunchTime),
      }));
    },

    async state({ name }) {
      const found = await instances(name);
      if (found.length === 0) return 'deleted';
      return found.every(isTerminating) ? 'deleting' : 'exists';
    },

    remove: async ({ name }) => terminateBastion(ec2, name, await instances(name)),
  };
}
