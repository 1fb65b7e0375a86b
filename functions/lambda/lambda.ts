/** The one stack that every function of the run has around its stage. */
import middy from '@middy/core';
import { prettifyError, type ZodType, type z } from 'zod';
import { GcdError, UsageError } from '../../core/errors/errors.ts';
import { pendingOf, settled } from '../../core/step.ts';
import { logDone, logFailed, type Told } from './log.ts';

/** Before its time is over a function fails by itself, while it can still say so in its log. */
const timeoutEarlyInMillis = 500;

interface Context {
  awsRequestId: string;
  getRemainingTimeInMillis?: () => number;
}
type Handler = (event: unknown, context: Context) => Promise<unknown>;
interface Request {
  event: unknown;
  context: Context;
  response?: unknown;
  error?: unknown;
  internal: Record<string, unknown>;
}

/**
 * A Lambda handler: parses the event, asks the stage, tells about it in one line of the log. What the stage throws
 * leaves the function under its own name, which the definition's Catch and Retry know; a step that is pending leaves it
 * as the error Pending.
 * @param state the state that it stands for
 */
export function lambda<Schema extends ZodType>(
  state: string,
  schema: Schema,
  stage: (event: z.output<Schema>) => Promise<unknown>,
): Handler {
  const ask = middy(async (event: unknown) => stage(event as z.output<Schema>), { timeoutEarlyInMillis })
    .use(logged(state))
    .use(parsed(schema)) as unknown as Handler;
  return async (event, context) => settled(await ask(event, context));
}

function parsed(schema: ZodType) {
  return {
    before: (request: Request) => {
      const { success, data, error } = schema.safeParse(request.event);
      if (!success)
        throw new UsageError(`this is not what the function is asked: ${prettifyError(error)}`, {
          cause: error,
        });
      request.event = data;
    },
  };
}

function logged(state: string) {
  const startedAt = 'startedAt';
  const told = ({ event, context }: Request): Told => ({
    state,
    run: typeof (event as { run?: unknown } | null)?.run === 'string' ? (event as { run: string }).run : null,
    requestId: context.awsRequestId,
  });
  const seconds = ({ internal }: Request) => (performance.now() - Number(internal[startedAt])) / 1000;
  return {
    before: (request: Request) => {
      request.internal[startedAt] = performance.now();
    },
    after: (request: Request) => logDone(told(request), seconds(request), pendingOf(request.response)),
    onError: (request: Request) => {
      const { error } = request;
      logFailed(told(request), seconds(request), error);
      if (!(error instanceof GcdError)) return;
      // A function's error is its name and its message: how to fix it would not leave the function otherwise.
      if (error.hint !== undefined) error.message = `${error.message}\n${error.hint}`;
      // Step Functions keeps it as a part of the cause: a trace is for bugs only.
      error.stack = `${error.name}: ${error.message}`;
    },
  };
}
