/** How an execution ended: its first failure, and that failure's cause as a sentence. */

/** The execution's state at its end; little if its first state failed. */
export interface EndState {
  run?: string | undefined;
  execution?: string | undefined;
  /** Why the work failed. */
  outcome?: Partial<Failure> | undefined;
  /** Final states that failed, by name. */
  failures?: Record<string, Failure> | undefined;
  /** Numbers of tasks; absent if nothing was gathered. */
  gathered?: { succeeded: number; failed: number; unfinished: number } | undefined;
  work?: { prepared: { bastion: { Error?: string | undefined } | null } } | undefined;
  /** Of a clean-up: how the execution that it cleans up had ended. */
  ended?: Failure | undefined;
}

/** The final states, in their order. */
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

/** Undefined if nothing failed that makes an execution fail. */
export function firstFailure({ outcome, failures = {} }: EndState): Failure | undefined {
  if (outcome?.Error !== undefined) return { Error: outcome.Error, Cause: outcome.Cause };
  const names = Object.keys(failures).sort((a, b) => order.indexOf(a) - order.indexOf(b));
  return names[0] === undefined ? undefined : failures[names[0]];
}

/** As a Catch passes it: on AWS, the cause of a function's error is JSON, or missing. */
export interface Failure {
  Error: string;
  Cause?: string | undefined;
}

export interface Explained {
  error: string;
  cause: string;
}

/** Step Functions allows 32,768 characters; mails and terminals fewer. */
const maxCause = 4000;
/** Causes of errors that come without one. */
const defaultCauses: Record<string, string> = {
  'States.Timeout': 'a state timed out',
  'States.HeartbeatTimeout': 'a batch sent no heartbeat',
};

export function explain({ Error: error, Cause: cause }: Failure): Explained {
  const text = messageIn(cause ?? '') || defaultCauses[error] || `it failed with ${error}`;
  return { error, cause: text.length > maxCause ? `${text.slice(0, maxCause - 1)}…` : text };
}

function messageIn(cause: string): string {
  try {
    const parsed = JSON.parse(cause);
    return typeof parsed?.errorMessage === 'string' ? parsed.errorMessage : cause;
  } catch {
    return cause;
  }
}
