/** Limits of a run that the command line's options check; a file of its own, since it must not load the schema. */

/** Pattern of run names, which are parts of keys and of names of executions. */
export const runName: RegExp = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/;

/** An execution on AWS may have 25,000 events, and a repetition takes about twenty. */
export const maxRepetitions = 500;
