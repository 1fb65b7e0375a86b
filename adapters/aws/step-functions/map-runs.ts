/** The Distributed Maps of executions in Step Functions. */
import {
  DescribeMapRunCommand,
  ListMapRunsCommand,
  SFNClient,
  UpdateMapRunCommand,
} from '@aws-sdk/client-sfn';
import type { AwsAccess } from '../../../core/config/dotenv.ts';
import type { MapRuns } from '../../../ports/account/map-runs.ts';
import type { RequestContext } from '../client/errors.ts';
import { send, sendOptional } from '../client/send.ts';
import { clientSettings } from '../client/settings.ts';
import { executionArnOf } from './executions.ts';

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
    const executionArn = executionArnOf(this.#machine, execution);
    const listed = await sendOptional(
      contextOf('states:ListMapRuns', executionArn, execution),
      this.#client.send(new ListMapRunsCommand({ executionArn })),
    );
    const running = listed?.mapRuns?.find(({ stopDate }) => stopDate === undefined);
    if (!running?.mapRunArn) return false;
    const { mapRunArn } = running;
    // It may have ended since.
    const found = await sendOptional(
      contextOf('states:DescribeMapRun', mapRunArn, execution),
      this.#client.send(new DescribeMapRunCommand({ mapRunArn })),
    );
    if (found?.status !== 'RUNNING' || (found.maxConcurrency ?? 0) >= concurrency) return false;
    await send(
      contextOf('states:UpdateMapRun', mapRunArn, execution),
      this.#client.send(new UpdateMapRunCommand({ mapRunArn, maxConcurrency: concurrency })),
    );
    return true;
  }
}

const contextOf = (action: string, arn: string, execution: string): RequestContext => ({
  ...{ action, arn },
  what: `the batches of execution ${execution}`,
});
