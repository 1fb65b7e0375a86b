/** How an execution ended, from what its states left: the first failure counts. */

/** What an execution carries at its end; little when its first state failed. */
export interface EndState {
  run?: string | undefined;
  execution?: string | undefined;
  /** Why the work failed. */
  outcome?: Partial<Failure> | undefined;
  /** States of the end that failed, by their names. */
  failures?: Record<string, Failure> | undefined;
  /** Tasks; absent when nothing was gathered. */
  gathered?: { succeeded: number; failed: number; unfinished: number } | undefined;
  work?: { prepared: { bastion: { Error?: string | undefined } | null } } | undefined;
  /** Only of a clean-up: how the execution that it is for had ended. */
  ended?: Failure | undefined;
}

/** The states of the end, in the order in which they come. */
const order = [
  'StopWorkers',
  'ScaleDown',
  'SumCost',
  'Gather',
  'Report',
  'StopBastion',
  'TearDown',
  'ConfirmGone',
];

/** Undefined when nothing failed, or nothing that makes an execution fail. */
export function firstFailure({ outcome, failures = {} }: EndState): Failure | undefined {
  if (outcome?.Error !== undefined) return { Error: outcome.Error, Cause: outcome.Cause };
  const names = Object.keys(failures).sort((a, b) => order.indexOf(a) - order.indexOf(b));
  return names[0] === undefined ? undefined : failures[names[0]];
}

/** Makes a sentence of what Step Functions says about a failure. */

/** As a Catch hands it over: on AWS, the cause of a function's error is JSON, or missing. */
export interface Failure {
  Error: string;
  Cause?: string | undefined;
}

export interface Explained {
  error: string;
  cause: string;
}

/** Step Functions takes 32,768 characters; mails, and terminals, less. */
const longest = 4000;
/** What AWS says when it says nothing else. */
const plain: Record<string, string> = {
  'States.Timeout': 'a state took longer than it may',
  'States.HeartbeatTimeout': 'nothing was heard of a batch for too long',
};

export function explain({ Error: error, Cause: cause }: Failure): Explained {
  const text = messageIn(cause ?? '') || plain[error] || `it failed with ${error}`;
  return { error, cause: text.length > longest ? `${text.slice(0, longest - 1)}…` : text };
}

function messageIn(cause: string): string {
  try {
    const parsed = JSON.parse(cause);
    return typeof parsed?.errorMessage === 'string' ? parsed.errorMessage : cause;
  } catch {
    return cause;
  }
}
