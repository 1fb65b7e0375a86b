/** A change set: what CloudFormation would do to a stack. */

import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Change,
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  ExecuteChangeSetCommand,
  type Parameter,
} from '@aws-sdk/client-cloudformation';
import { DeployFailed } from '../../../core/errors/errors.ts';
import type { StackChange } from '../../../ports/account/deployment.ts';
import type { StackLook } from './stack-client.ts';

export interface ChangeSet {
  name: string;
  /** Nothing is to be done: the change set is gone already. */
  isEmpty: boolean;
  /** Of resources; also empty when only outputs change. */
  changes: StackChange[];
}

const pauseMs = 2000;
const nothing = /didn't contain changes|No updates are to be performed/i;

/**
 * Makes a change set and waits until it is known what it would do. One that does nothing is removed at once.
 * @throws DeployFailed when the template cannot be
 */
export async function planChanges(
  look: StackLook,
  {
    name,
    templateUrl,
    tags,
    parameters,
  }: { name: string; templateUrl: string; tags: Record<string, string>; parameters: Parameter[] },
): Promise<ChangeSet> {
  await look.ask('CreateChangeSet', () =>
    look.client.send(
      new CreateChangeSetCommand({
        StackName: look.name,
        ChangeSetName: name,
        ChangeSetType: 'UPDATE',
        TemplateURL: templateUrl,
        Capabilities: ['CAPABILITY_NAMED_IAM'],
        ...(parameters.length > 0 && { Parameters: parameters }),
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    ),
  );
  const changes: StackChange[] = [];
  for (let token: string | undefined; ; ) {
    const page = await look.ask('DescribeChangeSet', () =>
      look.client.send(
        new DescribeChangeSetCommand({
          StackName: look.name,
          ChangeSetName: name,
          ...(token && { NextToken: token }),
        }),
      ),
    );
    const { Status = '', StatusReason = '' } = page;
    if (Status === 'FAILED') {
      await dropChanges(look, name);
      if (nothing.test(StatusReason)) return { name, isEmpty: true, changes: [] };
      throw new DeployFailed(`stack ${look.name} cannot become what is wanted: ${StatusReason}`);
    }
    if (Status !== 'CREATE_COMPLETE') {
      await sleep(pauseMs);
      continue;
    }
    changes.push(...(page.Changes ?? []).map(change));
    token = page.NextToken;
    if (!token) return { name, isEmpty: false, changes };
  }
}

export async function dropChanges(look: StackLook, name: string): Promise<void> {
  await look.ask('DeleteChangeSet', () =>
    look.client.send(new DeleteChangeSetCommand({ StackName: look.name, ChangeSetName: name })),
  );
}

/** Begins to do what it says. */
export async function applyChanges(look: StackLook, name: string): Promise<void> {
  await look.ask('ExecuteChangeSet', () =>
    look.client.send(new ExecuteChangeSetCommand({ StackName: look.name, ChangeSetName: name })),
  );
}

function change({ ResourceChange = {} }: Change): StackChange {
  const { Action, Replacement, LogicalResourceId = '', ResourceType = '' } = ResourceChange;
  const modified =
    Replacement === 'True' ? 'replace' : Replacement === 'Conditional' ? 'perhaps replace' : 'change';
  const what = Action === 'Add' ? 'add' : Action === 'Remove' ? 'remove' : modified;
  return { what, resource: LogicalResourceId, type: ResourceType };
}
