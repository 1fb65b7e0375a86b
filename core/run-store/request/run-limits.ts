/** What a run may be called, and how often its tasks may be run. */

/** It stands in keys, and in the names of executions. */
export const runName: RegExp = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/;

/** Of every task: an execution on AWS has 25,000 events, and a repetition takes some twenty of them. */
export const maxRepetitions = 500;
