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
