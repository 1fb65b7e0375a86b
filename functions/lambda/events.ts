/** What the definition hands to functions. */
import { object, string } from 'zod';
import { runName } from '../../ports/request.ts';

export const runEvent = object({ run: string().regex(runName, 'this cannot be the name of a run') });

/** The first state gets what the execution was started with, and the execution's name. */
export const startEvent = object({ input: runEvent, execution: string() }).transform(
  ({ input, execution }) => ({
    ...input,
    execution,
  }),
);
