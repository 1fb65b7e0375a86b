/** The Auto Scaling groups of nodegroups. */
import {
  type Activity,
  AutoScalingClient,
  type AutoScalingGroup,
  CreateOrUpdateTagsCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
  DescribeScalingActivitiesCommand,
  SetDesiredCapacityCommand,
  TerminateInstanceInAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import type { AwsAccess } from '../../../../core/config/dotenv.ts';
import type { Problem } from '../../../../core/errors/problem.ts';
import { problemOf } from '../../client/error-codes.ts';
import type { RequestContext } from '../../client/errors.ts';
import { send, sendOptional } from '../../client/send.ts';
import { clientSettings } from '../../client/settings.ts';
import { tagList, tagsFromList } from '../../client/tags.ts';

/** The newest; older ones repeat them. */
const maxActivities = 20;
/** Instances that one request may name. */
const maxInstances = 50;

export interface GroupSize {
  desired: number;
  machines: number;
}

export class ScalingGroups {
  readonly #client: AutoScalingClient;

  constructor(access: AwsAccess) {
    this.#client = new AutoScalingClient(clientSettings(access));
  }

  /** @returns undefined when there is no such group */
  async size(group: string): Promise<GroupSize | undefined> {
    const found = await this.#describe(group);
    const running = found?.Instances?.filter(({ LifecycleState = '' }) => !isEnding(LifecycleState));
    return found && { desired: found.DesiredCapacity ?? 0, machines: running?.length ?? 0 };
  }

  /** Adds missing tags to a group; its instances do not get them. */
  async tag(group: string, tags: Record<string, string>): Promise<void> {
    const has = tagsFromList((await this.#describe(group))?.Tags);
    if (Object.entries(tags).every(([key, value]) => has[key] === value)) return;
    const resource = { ResourceId: group, ResourceType: 'auto-scaling-group', PropagateAtLaunch: false };
    const Tags = tagList(tags).map((tag) => ({ ...resource, ...tag }));
    await send(
      contextOf('CreateOrUpdateTags', group),
      this.#client.send(new CreateOrUpdateTagsCommand({ Tags })),
    );
  }

  /** @param DesiredCapacity at most the group's maximum */
  async setDesired(group: string, DesiredCapacity: number): Promise<void> {
    await send(
      contextOf('SetDesiredCapacity', group),
      this.#client.send(
        new SetDesiredCapacityCommand({ AutoScalingGroupName: group, DesiredCapacity, HonorCooldown: false }),
      ),
    );
  }

  /** Why instances failed to start since then, newest first, each reason once. */
  async failures(group: string, since: Date): Promise<Problem[]> {
    // The group may not exist yet, or not any more.
    const found = await sendOptional(
      contextOf('DescribeScalingActivities', group),
      this.#client.send(
        new DescribeScalingActivitiesCommand({ AutoScalingGroupName: group, MaxRecords: maxActivities }),
      ),
    );
    const messages = (found?.Activities ?? [])
      .filter((one) => hasFailed(one, since))
      .map(({ StatusMessage = '' }) => StatusMessage);
    return [...new Set(messages)].map((message) => problemOf('', message));
  }

  /** Terminates instances and lowers the sizes of their groups; those that are being terminated are skipped. */
  async terminate(instances: string[]): Promise<void> {
    for (let from = 0; from < instances.length; from += maxInstances)
      for (const instance of await this.#running(instances.slice(from, from + maxInstances)))
        await this.#terminate(instance);
  }

  async #describe(group: string): Promise<AutoScalingGroup | undefined> {
    const { AutoScalingGroups = [] } = await send(
      contextOf('DescribeAutoScalingGroups', group),
      this.#client.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [group] })),
    );
    return AutoScalingGroups[0];
  }

  async #running(InstanceIds: string[]): Promise<string[]> {
    const { AutoScalingInstances = [] } = await send(
      contextOf('DescribeAutoScalingInstances', '*'),
      this.#client.send(new DescribeAutoScalingInstancesCommand({ InstanceIds })),
    );
    return AutoScalingInstances.filter(({ LifecycleState = '' }) => !isEnding(LifecycleState)).map(
      ({ InstanceId = '' }) => InstanceId,
    );
  }

  async #terminate(InstanceId: string): Promise<void> {
    // The instance was terminated since, or the group is being changed: the caller retries.
    await sendOptional(
      contextOf('TerminateInstanceInAutoScalingGroup', InstanceId),
      this.#client.send(
        new TerminateInstanceInAutoScalingGroupCommand({ InstanceId, ShouldDecrementDesiredCapacity: true }),
      ),
      'not-found',
      'in-use',
    );
  }
}

const isEnding = (lifecycleState: string): boolean => /^(Terminat|Detach)/.test(lifecycleState);

const hasFailed = ({ StatusCode, StartTime }: Activity, since: Date): boolean =>
  StatusCode === 'Failed' && StartTime !== undefined && StartTime >= since;

const contextOf = (verb: string, name: string): RequestContext => ({
  action: `autoscaling:${verb}`,
  arn: verb.startsWith('Describe')
    ? '*'
    : 'arn:aws:autoscaling:*:*:autoScalingGroup:*:autoScalingGroupName/eks-*',
  what: `machines of ${name}`,
});
