/** What the definition hands to functions. */
import { object, string } from 'zod';
import { runName } from '../../ports/request.ts';

export const runEvent = object({ run: string().regex(runName, 'this cannot be the name of a run') });
