/** Requests to CloudFormation about a stack: its status, outputs, resources and events. */
import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateDescribeStackEvents,
  paginateListStackResources,
  type Stack,
  type StackEvent,
} from '@aws-sdk/client-cloudformation';
import type { AwsAccess } from '../../../core/config/dotenv.ts';
import { DeployFailed } from '../../../core/errors/errors.ts';
import type { StackStep } from '../../../ports/account/deployment.ts';
import { meets } from '../client/error-codes.ts';
import type { RequestContext } from '../client/errors.ts';
import { collect, send, sendOptional } from '../client/send.ts';
import { clientSettings } from '../client/settings.ts';
import { isManagedByUs, type Tags, tagsFromList } from '../client/tags.ts';

export interface FoundStack {
  /** ARN, by which a deleted stack is found, too. */
  id: string;
  /** CloudFormation's: `UPDATE_COMPLETE`. */
  status: string;
  reason: string | null;
  tags: Tags;
  outputs: Record<string, string>;
  /** Names of its parameters. */
  parameters: string[];
}

export interface StackResource {
  name: string;
  type: string;
  /** Physical id. */
  id: string;
}

/** Also one of `serverless deploy`, which has no tags. */
export const isOurStack = ({ tags, outputs }: FoundStack): boolean =>
  isManagedByUs(tags) || outputs.ServerlessDeploymentBucketName !== undefined;

/** Whether it is being changed; the clean-up after a change does not count. */
export const isChanging = ({ status }: FoundStack): boolean => /(?<!CLEANUP)_IN_PROGRESS$/.test(status);

/** One stack by its name or its ARN. Errors are DeployFailed when CloudFormation refuses a request. */
export class StackClient {
  readonly cloudFormation: CloudFormationClient;
  readonly name: string;

  constructor(access: AwsAccess, name: string) {
    this.cloudFormation = new CloudFormationClient(clientSettings(access));
    this.name = name;
  }

  close(): void {
    this.cloudFormation.destroy();
  }

  /** @returns undefined when there is no such stack, or not any more */
  async find(id: string = this.name): Promise<FoundStack | undefined> {
    const context = this.#context('DescribeStacks');
    const request = this.cloudFormation.send(new DescribeStacksCommand({ StackName: id }));
    const answer = await sendOptional(context, this.#unlessRefused('DescribeStacks', request));
    const [stack] = answer?.Stacks ?? [];
    return stack && found(stack);
  }

  /** The steps after the one with that id, the oldest first; all of them when there is none with that id. */
  async steps(after: string | undefined, id: string = this.name): Promise<StackStep[]> {
    const read = async () => {
      const steps: StackStep[] = [];
      const pages = paginateDescribeStackEvents({ client: this.cloudFormation }, { StackName: id });
      for await (const { StackEvents = [] } of pages)
        for (const event of StackEvents) {
          if (event.EventId === after) return steps;
          steps.push(step(event));
        }
      return steps;
    };
    return (await this.send('DescribeStackEvents', read())).reverse();
  }

  /** Those that exist. */
  async resources(id: string = this.name): Promise<StackResource[]> {
    const pages = paginateListStackResources({ client: this.cloudFormation }, { StackName: id });
    const all = await this.send(
      'ListStackResources',
      collect(pages, ({ StackResourceSummaries }) => StackResourceSummaries),
    );
    return all
      .filter((one) => one.PhysicalResourceId && one.ResourceStatus !== 'DELETE_COMPLETE')
      .map(
        ({ LogicalResourceId: name = '', ResourceType: type = '', PhysicalResourceId: physical = '' }) => ({
          name,
          type,
          id: physical,
        }),
      );
  }

  /** @param verb of CloudFormation @throws DeployFailed and other errors of ours */
  send<Answer>(verb: string, request: Promise<Answer>): Promise<Answer> {
    return send(this.#context(verb), this.#unlessRefused(verb, request));
  }

  async #unlessRefused<Answer>(verb: string, request: Promise<Answer>): Promise<Answer> {
    try {
      return await request;
    } catch (error) {
      const { action } = this.#context(verb);
      if (
        (error as Error)?.name !== 'ValidationError' ||
        (verb === 'DescribeStacks' && meets(error, action, 'not-found'))
      )
        throw error;
      const { message } = error as Error;
      throw new DeployFailed(`CloudFormation refuses ${verb} of stack ${this.name}: ${message}`, {
        cause: error,
      });
    }
  }

  #context(verb: string): RequestContext {
    const arn = `arn:aws:cloudformation:*:*:stack/${this.name}/*`;
    return { action: `cloudformation:${verb}`, arn, what: `stack ${this.name}` };
  }
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
    tags: tagsFromList(Tags),
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
