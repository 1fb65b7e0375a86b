/** A change set: the changes that CloudFormation would make to a stack. */

import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Change,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  ExecuteChangeSetCommand,
  type Parameter,
  paginateDescribeChangeSet,
} from '@aws-sdk/client-cloudformation';
import { DeployFailed } from '../../../core/errors/errors.ts';
import type { StackChange } from '../../../ports/account/deployment.ts';
import { collect } from '../client/send.ts';
import { tagList } from '../client/tags.ts';
import type { StackClient } from './stack-client.ts';

export interface ChangeSet {
  name: string;
  /** Nothing would change; the change set was deleted. */
  isEmpty: boolean;
  /** Changes of resources; also empty when only outputs change. */
  changes: StackChange[];
}

const pauseMs = 2000;
const noChanges = /didn't contain changes|No updates are to be performed/i;

/**
 * Creates a change set and waits for its changes. One without changes is deleted at once.
 * @throws DeployFailed when CloudFormation refuses the template
 */
export async function createChangeSet(
  stack: StackClient,
  {
    name,
    templateUrl,
    tags,
    parameters,
  }: { name: string; templateUrl: string; tags: Record<string, string>; parameters: Parameter[] },
): Promise<ChangeSet> {
  await stack.send(
    'CreateChangeSet',
    stack.cloudFormation.send(
      new CreateChangeSetCommand({
        StackName: stack.name,
        ChangeSetName: name,
        ChangeSetType: 'UPDATE',
        TemplateURL: templateUrl,
        Capabilities: ['CAPABILITY_NAMED_IAM'],
        ...(parameters.length > 0 && { Parameters: parameters }),
        Tags: tagList(tags),
      }),
    ),
  );
  const described = () =>
    collect(
      paginateDescribeChangeSet(
        { client: stack.cloudFormation },
        { StackName: stack.name, ChangeSetName: name },
      ),
      (page) => [page],
    );
  for (;;) {
    const pages = await stack.send('DescribeChangeSet', described());
    const { Status = '', StatusReason = '' } = pages[0] ?? {};
    if (Status === 'FAILED') {
      await deleteChangeSet(stack, name);
      if (noChanges.test(StatusReason)) return { name, isEmpty: true, changes: [] };
      throw new DeployFailed(`stack ${stack.name} cannot be updated: ${StatusReason}`);
    }
    if (Status === 'CREATE_COMPLETE')
      return { name, isEmpty: false, changes: pages.flatMap(({ Changes = [] }) => Changes.map(change)) };
    await sleep(pauseMs);
  }
}

export async function deleteChangeSet(stack: StackClient, name: string): Promise<void> {
  await stack.send(
    'DeleteChangeSet',
    stack.cloudFormation.send(new DeleteChangeSetCommand({ StackName: stack.name, ChangeSetName: name })),
  );
}

/** Starts to make the changes. */
export async function executeChangeSet(stack: StackClient, name: string): Promise<void> {
  await stack.send(
    'ExecuteChangeSet',
    stack.cloudFormation.send(new ExecuteChangeSetCommand({ StackName: stack.name, ChangeSetName: name })),
  );
}

function change({ ResourceChange = {} }: Change): StackChange {
  const { Action, Replacement, LogicalResourceId = '', ResourceType = '' } = ResourceChange;
  const modified =
    Replacement === 'True' ? 'replace' : Replacement === 'Conditional' ? 'perhaps replace' : 'change';
  const what = Action === 'Add' ? 'add' : Action === 'Remove' ? 'remove' : modified;
  return { what, resource: LogicalResourceId, type: ResourceType };
}
