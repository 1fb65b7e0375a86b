/** Why an execution failed, in the words of whatever failed in it. */
import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { translated } from '../client/errors.ts';
import { clientSettings } from '../client/settings.ts';
import type { AwsAccess } from '../s3/client.ts';

export interface ExecutionAsked {
  access: AwsAccess;
  /** ARN of the state machine. */
  machine: string;
  name: string;
}

/** @returns name and sentence; null for what the execution does not say */
export async function causeOf({
  access,
  machine,
  name,
}: ExecutionAsked): Promise<{ error: string | null; cause: string | null }> {
  const client = new SFNClient(clientSettings(access));
  const executionArn = `${machine.replace(':stateMachine:', ':execution:')}:${name}`;
  try {
    const { error, cause } = await client.send(new DescribeExecutionCommand({ executionArn }));
    return { error: error ?? null, cause: cause === undefined ? null : sentence(cause) };
  } catch (error) {
    throw translated(error, {
      action: 'states:DescribeExecution',
      arn: executionArn,
      what: `execution ${name}`,
    });
  } finally {
    client.destroy();
  }
}

/** A function's cause is JSON with the message in it. */
function sentence(cause: string): string {
  try {
    const { errorMessage } = Object(JSON.parse(cause));
    return typeof errorMessage === 'string' ? errorMessage : cause;
  } catch {
    return cause;
  }
}
