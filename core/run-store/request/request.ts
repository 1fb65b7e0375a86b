/** What a run was asked to do: `request.json`, written once, before anything else. */
import type { infer as Checked } from 'zod';
import type { requestSchema } from './request-schema.ts';

export type RunRequest = Checked<typeof requestSchema>;

/** Just these keys (`from` tells who named them), or the first so many that match (0: all). */
export type Selection = RunRequest['selection'];
