/** What CloudFormation says of a stack: its state, its outputs, its resources and what happens to it. */
import {
  CloudFormationClient,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ListStackResourcesCommand,
  type Stack,
  type StackEvent,
} from '@aws-sdk/client-cloudformation';
import { DeployFailed } from '../../../core/errors/errors.ts';
import type { StackStep } from '../../../ports/account/deployment.ts';
import { translated } from '../client/errors.ts';
import { clientSettings } from '../client/settings.ts';
import type { AwsAccess } from '../s3/client.ts';

export interface FoundStack {
  /** ARN, by which it is found also after its end. */
  id: string;
  /** As CloudFormation names it: `UPDATE_COMPLETE`. */
  status: string;
  reason: string | null;
  tags: Record<string, string>;
  outputs: Record<string, string>;
  /** Names of the parameters that it has values of. */
  parameters: string[];
}

export interface StackResource {
  name: string;
  type: string;
  /** Physical id. */
  id: string;
}

/** Also one that `serverless deploy` made, which puts no tags on it. */
export const isOurStack = ({ tags, outputs }: FoundStack): boolean =>
  tags.managedBy === 'gcd-sfn' || outputs.ServerlessDeploymentBucketName !== undefined;

/** CloudFormation is at work on it: not what it cleans up after the change is through. */
export const isChanging = ({ status }: FoundStack): boolean => /(?<!CLEANUP)_IN_PROGRESS$/.test(status);

/** One stack by its name or its ARN. */
export class StackLook {
  readonly client: CloudFormationClient;
  readonly name: string;

  constructor(access: AwsAccess, name: string) {
    this.client = new CloudFormationClient(clientSettings(access));
    this.name = name;
  }

  close(): void {
    this.client.destroy();
  }

  /** @returns undefined when there is none, or none any more */
  async find(id: string = this.name): Promise<FoundStack | undefined> {
    const answer = await this.ask('DescribeStacks', () =>
      this.client.send(new DescribeStacksCommand({ StackName: id })).catch(unlessAbsent),
    );
    const [stack] = answer?.Stacks ?? [];
    return stack && found(stack);
  }

  /** Everything that happened after the step of that id, the oldest first; all of it when there is none of that id. */
  async steps(after: string | undefined, id: string = this.name): Promise<StackStep[]> {
    const steps: StackStep[] = [];
    for (let token: string | undefined; ; ) {
      const page = await this.ask('DescribeStackEvents', () =>
        this.client.send(
          new DescribeStackEventsCommand({ StackName: id, ...(token && { NextToken: token }) }),
        ),
      );
      for (const event of page.StackEvents ?? []) {
        if (event.EventId === after) return steps.reverse();
        steps.push(step(event));
      }
      token = page.NextToken;
      if (!token) return steps.reverse();
    }
  }

  /** Those that are there. */
  async resources(id: string = this.name): Promise<StackResource[]> {
    const resources: StackResource[] = [];
    for (let token: string | undefined; ; ) {
      const page = await this.ask('ListStackResources', () =>
        this.client.send(
          new ListStackResourcesCommand({ StackName: id, ...(token && { NextToken: token }) }),
        ),
      );
      for (const one of page.StackResourceSummaries ?? [])
        if (one.PhysicalResourceId && one.ResourceStatus !== 'DELETE_COMPLETE')
          resources.push({
            name: one.LogicalResourceId ?? '',
            type: one.ResourceType ?? '',
            id: one.PhysicalResourceId,
          });
      token = page.NextToken;
      if (!token) return resources;
    }
  }

  /** Asks, and throws errors of ours. @param action of CloudFormation */
  async ask<Answer>(action: string, send: () => Promise<Answer>): Promise<Answer> {
    try {
      return await send();
    } catch (error) {
      if (error instanceof Error && error.name === 'ValidationError')
        throw new DeployFailed(`CloudFormation refuses ${action} of stack ${this.name}: ${error.message}`, {
          cause: error,
        });
      const arn = `arn:aws:cloudformation:*:*:stack/${this.name}/*`;
      throw translated(error, { action: `cloudformation:${action}`, arn, what: `stack ${this.name}` });
    }
  }
}

/** CloudFormation has no error of its own for it. */
function unlessAbsent(error: unknown): undefined {
  if (!(error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message)))
    throw error;
}

function found({
  StackId = '',
  StackStatus,
  StackStatusReason,
  Tags = [],
  Outputs = [],
  Parameters = [],
}: Stack): FoundStack {
  return {
    id: StackId,
    status: StackStatus ?? '',
    reason: StackStatusReason ?? null,
    tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key ?? '', Value ?? ''])),
    outputs: Object.fromEntries(
      Outputs.map(({ OutputKey, OutputValue }) => [OutputKey ?? '', OutputValue ?? '']),
    ),
    parameters: Parameters.map(({ ParameterKey = '' }) => ParameterKey),
  };
}

const step = (event: StackEvent): StackStep => ({
  id: event.EventId ?? '',
  resource: event.LogicalResourceId ?? '',
  type: event.ResourceType ?? '',
  status: event.ResourceStatus ?? '',
  reason: event.ResourceStatusReason ?? null,
});
