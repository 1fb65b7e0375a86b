/** The Distributed Maps of executions in Step Functions. */
import {
  DescribeMapRunCommand,
  ListMapRunsCommand,
  SFNClient,
  UpdateMapRunCommand,
} from '@aws-sdk/client-sfn';
import type { MapRuns } from '../../../ports/account/map-runs.ts';
import { answered, answeredUnless } from '../client/answers.ts';
import type { Asked } from '../client/errors.ts';
import { clientSettings } from '../client/settings.ts';
import type { AwsAccess } from '../s3/client.ts';

/** It may have ended between two requests. */
const absent = ['ExecutionDoesNotExist', 'ResourceNotFound'] as const;

export class SfnMapRuns implements MapRuns {
  readonly #client: SFNClient;
  readonly #machine: string;

  /** @param options the ARN of the run machine */
  constructor({ access, machine }: { access: AwsAccess; machine: string }) {
    this.#client = new SFNClient(clientSettings(access));
    this.#machine = machine;
  }

  close(): void {
    this.#client.destroy();
  }

  async widen(execution: string, concurrency: number): Promise<boolean> {
    const executionArn = `${this.#machine.replace(':stateMachine:', ':execution:')}:${execution}`;
    const listed = await answeredUnless(
      absent,
      asked('states:ListMapRuns', executionArn, execution),
      this.#client.send(new ListMapRunsCommand({ executionArn })),
    );
    const going = listed?.mapRuns?.find(({ stopDate }) => stopDate === undefined);
    if (!going?.mapRunArn) return false;
    const { mapRunArn } = going;
    const found = await answeredUnless(
      absent,
      asked('states:DescribeMapRun', mapRunArn, execution),
      this.#client.send(new DescribeMapRunCommand({ mapRunArn })),
    );
    if (found?.status !== 'RUNNING' || (found.maxConcurrency ?? 0) >= concurrency) return false;
    await answered(
      asked('states:UpdateMapRun', mapRunArn, execution),
      this.#client.send(new UpdateMapRunCommand({ mapRunArn, maxConcurrency: concurrency })),
    );
    return true;
  }
}

const asked = (action: string, arn: string, execution: string): Asked => ({
  ...{ action, arn },
  what: `the batches of execution ${execution}`,
});
