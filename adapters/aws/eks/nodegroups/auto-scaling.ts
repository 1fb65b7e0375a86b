/** The Auto Scaling groups that are behind nodegroups. */
import {
  type Activity,
  AutoScalingClient,
  CreateOrUpdateTagsCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
  DescribeScalingActivitiesCommand,
  SetDesiredCapacityCommand,
  TerminateInstanceInAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import type { Problem } from '../../../../core/errors/problem.ts';
import type { Asked } from '../../client/errors.ts';
import { ask, cloudError, nameOf, problemOf } from '../../client/problems.ts';
import { clientSettings } from '../../client/settings.ts';
import type { AwsAccess } from '../../s3/client.ts';

/** The newest of them; older ones say the same again. */
const activitiesRead = 20;
/** Machines that one request of DescribeAutoScalingInstances takes. */
const instancesRead = 50;

export interface GroupSize {
  desired: number;
  machines: number;
}

export class ScalingGroups {
  readonly #client: AutoScalingClient;

  constructor(access: AwsAccess) {
    this.#client = new AutoScalingClient(clientSettings(access));
  }

  /** Machines that a group is to have, and has; undefined when there is no such group. */
  async size(group: string): Promise<GroupSize | undefined> {
    const { AutoScalingGroups = [] } = await ask(groupAsked('DescribeAutoScalingGroups', group), () =>
      this.#client.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [group] })),
    );
    const [found] = AutoScalingGroups;
    const machines = found?.Instances?.filter(({ LifecycleState = '' }) => !isGoing(LifecycleState)).length;
    return found && { desired: found.DesiredCapacity ?? 0, machines: machines ?? 0 };
  }

  /** Gives a group tags that it lacks; its machines do not get them. */
  async tag(group: string, tags: Record<string, string>): Promise<void> {
    const { AutoScalingGroups = [] } = await ask(groupAsked('DescribeAutoScalingGroups', group), () =>
      this.#client.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [group] })),
    );
    const has = new Map(AutoScalingGroups[0]?.Tags?.map(({ Key, Value }) => [Key, Value]));
    if (Object.entries(tags).every(([key, value]) => has.get(key) === value)) return;
    const about = { ResourceId: group, ResourceType: 'auto-scaling-group', PropagateAtLaunch: false };
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ ...about, Key, Value }));
    await ask(groupAsked('CreateOrUpdateTags', group), () =>
      this.#client.send(new CreateOrUpdateTagsCommand({ Tags })),
    );
  }

  /** Asks for so many machines, at most the group's maximum. */
  async want(group: string, DesiredCapacity: number): Promise<void> {
    await ask(groupAsked('SetDesiredCapacity', group), () =>
      this.#client.send(
        new SetDesiredCapacityCommand({ AutoScalingGroupName: group, DesiredCapacity, HonorCooldown: false }),
      ),
    );
  }

  /** Why machines did not start since then, newest first; each reason once. */
  async failures(group: string, since: Date): Promise<Problem[]> {
    const { Activities = [] } = await ask(groupAsked('DescribeScalingActivities', group), () =>
      this.#client.send(
        new DescribeScalingActivitiesCommand({ AutoScalingGroupName: group, MaxRecords: activitiesRead }),
      ),
    ).catch((error) => {
      // There is no group yet, or no more.
      if (nameOf(error.cause) === 'ValidationError') return { Activities: [] };
      throw error;
    });
    const messages = Activities.filter((one) => hasFailed(one, since)).map(
      ({ StatusMessage = '' }) => StatusMessage,
    );
    return [...new Set(messages)].map((message) => problemOf('', message));
  }

  /** Ends machines, and has their groups want as many fewer; those that are going already are passed over. */
  async terminate(instances: string[]): Promise<void> {
    for (let from = 0; from < instances.length; from += instancesRead)
      for (const instance of await this.#there(instances.slice(from, from + instancesRead)))
        await this.#terminate(instance);
  }

  async #there(InstanceIds: string[]): Promise<string[]> {
    const { AutoScalingInstances = [] } = await ask(groupAsked('DescribeAutoScalingInstances', '*'), () =>
      this.#client.send(new DescribeAutoScalingInstancesCommand({ InstanceIds })),
    );
    return AutoScalingInstances.filter(({ LifecycleState = '' }) => !isGoing(LifecycleState)).map(
      ({ InstanceId = '' }) => InstanceId,
    );
  }

  async #terminate(InstanceId: string): Promise<void> {
    try {
      await this.#client.send(
        new TerminateInstanceInAutoScalingGroupCommand({ InstanceId, ShouldDecrementDesiredCapacity: true }),
      );
    } catch (error) {
      // It has gone since it was looked at, or the group changes and whoever asks again is heard.
      if (/^(ValidationError|ScalingActivityInProgress\w*)$/.test(nameOf(error))) return;
      throw cloudError(error, groupAsked('TerminateInstanceInAutoScalingGroup', InstanceId));
    }
  }
}

const isGoing = (lifecycleState: string): boolean => /^(Terminat|Detach)/.test(lifecycleState);

const hasFailed = ({ StatusCode, StartTime }: Activity, since: Date): boolean =>
  StatusCode === 'Failed' && StartTime !== undefined && StartTime >= since;

const groupAsked = (verb: string, name: string): Asked => ({
  action: `autoscaling:${verb}`,
  arn: verb.startsWith('Describe')
    ? '*'
    : 'arn:aws:autoscaling:*:*:autoScalingGroup:*:autoScalingGroupName/eks-*',
  what: `machines of ${name}`,
});
