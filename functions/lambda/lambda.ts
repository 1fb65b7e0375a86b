/** The middleware of every function: parses the event, logs one line, and passes errors on under their names. */
import middy from '@middy/core';
import { prettifyError, type ZodType, type z } from 'zod';
import { GcdError, UsageError } from '../../core/errors/errors.ts';
import { pendingOf, settled } from '../../core/step.ts';
import { type LogBase, logDone, logFailed } from './log.ts';

/** A function fails this long before Lambda's timeout, so that it can still log it. */
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
 * A Lambda handler: parses the event, calls the stage, logs one line. An error of the stage leaves the function under its
 * own name, which the definition's Catch and Retry match; a pending step leaves it as the error Pending.
 * @param state the state of the definition that invokes it
 */
export function lambda<Schema extends ZodType>(
  state: string,
  schema: Schema,
  stage: (event: z.output<Schema>) => Promise<unknown>,
): Handler {
  const call = middy(async (event: unknown) => stage(event as z.output<Schema>), { timeoutEarlyInMillis })
    .use(logged(state))
    .use(parsed(schema)) as unknown as Handler;
  return async (event, context) => settled(await call(event, context));
}

function parsed(schema: ZodType) {
  return {
    before: (request: Request) => {
      const { success, data, error } = schema.safeParse(request.event);
      if (!success)
        throw new UsageError(`invalid event: ${prettifyError(error)}`, {
          cause: error,
        });
      request.event = data;
    },
  };
}

function logged(state: string) {
  const startedAt = 'startedAt';
  const base = ({ event, context }: Request): LogBase => ({
    state,
    run: typeof (event as { run?: unknown } | null)?.run === 'string' ? (event as { run: string }).run : null,
    requestId: context.awsRequestId,
  });
  const seconds = ({ internal }: Request) => (performance.now() - Number(internal[startedAt])) / 1000;
  return {
    before: (request: Request) => {
      request.internal[startedAt] = performance.now();
    },
    after: (request: Request) => logDone(base(request), seconds(request), pendingOf(request.response)),
    onError: (request: Request) => {
      const { error } = request;
      logFailed(base(request), seconds(request), error);
      if (!(error instanceof GcdError)) return;
      // Only name and message leave the function, so the hint goes into the message.
      if (error.hint !== undefined) error.message = `${error.message}\n${error.hint}`;
      // The stack becomes part of the cause in Step Functions: a trace is for bugs only.
      error.stack = `${error.name}: ${error.message}`;
    },
  };
}
