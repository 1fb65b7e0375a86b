/** What a run was asked to do: `request.json`, written once, before anything else. */
import type { Config } from './config.ts';
import type { Target } from './target.ts';

/** What a run may be called: it stands in keys, and in the names of executions. */
export const runName: RegExp = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/;

/** How often every task may be run: an execution on AWS has 25,000 events, and a repetition takes some twenty of them. */
export const mostRepetitions = 500;

export interface RunRequest {
  /** Name of the run, unique in its project. */
  run: string;
  /** Version of gcd-sfn that wrote it. */
  version: string;
  /** Seconds since 1970. */
  requestedAt: number;
  /** Absolute path of the project folder, and its name. */
  project: string;
  projectName: string;
  /** On AWS: what the project's part of the stack's bucket is called; absent: by its name, as earlier versions had it. */
  projectKey?: string;
  /** On AWS: ARN of who asked for it; absent when an earlier version wrote it. */
  by?: string;
  /** SHA-256 over the project's files, as they were frozen when the run began. */
  codeDigest: string;
  config: Config;
  selection: Selection;
  /** Where it runs. */
  target: Target;
  /** Worker processes. */
  workers: number;
  /** How many times every task is run. */
  repetitions: number;
}

/** Just these keys (`from` tells who named them), or the first so many that match (0: all). */
export type Selection = { kind: 'keys'; keys: string[]; from: string } | { kind: 'first'; count: number };
