/** Converts failed requests to the API server into the errors of `core/errors/errors.ts`. */
import {
  AccessDenied,
  AlreadyThere,
  GcdError,
  NotFound,
  Throttled,
  Unreachable,
  UsageError,
} from '../../core/errors/errors.ts';

/** The request, for the error message. */
export interface RequestContext {
  /** As a role names it: `create`. */
  verb: string;
  /** As a role names it: `jobs`. */
  resource: string;
  /** What the request is about, in words: `reservation of r-1 in cluster c`. */
  what: string;
}

/** The error for an answer that is not 2xx. @param body the answer: a `Status` object as JSON, or a proxy's text */
export function statusError(
  status: number,
  body: string,
  { verb, resource, what }: RequestContext,
): GcdError {
  const { message, reason } = parseStatus(body);
  const request = `${verb} ${resource} for ${what}`;
  const detail = message ? ` (${message})` : '';
  // Kept for a stack trace; the message above all is for the user.
  const cause = new Error(`HTTP ${status}: ${body.slice(0, 1000)}`);
  switch (status) {
    case 400:
    case 422:
      return new UsageError(`the cluster refuses ${what}: ${message || 'without a reason'}`, {
        hint: 'If the reason is about the worker pod, correct `pod` in config.yaml.',
        cause,
      });
    case 401:
      return new Unreachable(`the cluster does not accept the credentials: ${request}${detail}`, {
        hint: 'Your AWS user or role needs an access entry of the cluster: gcd-sfn auth add.',
        cause,
      });
    case 403:
      return new AccessDenied(`not allowed: ${request}${detail}`, {
        hint: 'gcd-sfn auth add lets a role use the cluster; the next run restores the permissions of the roles of the stack.',
        cause,
      });
    case 404:
      return new NotFound(`not found: ${what}`, { cause });
    case 409:
      return reason === 'AlreadyExists'
        ? new AlreadyThere(`already exists: ${what}`, { cause })
        : new AlreadyThere(`conflict: another client changed ${what} at the same time${detail}`, { cause });
    case 429:
      return new Throttled(`the cluster throttles requests: ${request}${detail}`, {
        hint: 'Try again later.',
        cause,
      });
    default:
      return new Unreachable(
        `${what} cannot be reached (${verb} ${resource}): ${message || `HTTP ${status}`}`,
        {
          hint: 'Try again; the API server of a new cluster needs some minutes.',
          cause,
        },
      );
  }
}

/** The error for a request without an answer. Errors of gcd-sfn itself stay as they are. */
export function connectionError(error: unknown, { verb, resource, what }: RequestContext): GcdError {
  if (error instanceof GcdError) return error;
  const { message, code } = (error ?? {}) as { message?: string; code?: string };
  return new Unreachable(
    `${what} cannot be reached (${verb} ${resource}): ${message || code || 'no answer'}`,
    {
      hint: 'Check the network (name resolution, firewall, proxy) and whether the cluster still exists.',
      cause: error,
    },
  );
}

/** Message and reason of a `Status` object; the text itself when it is no JSON. */
function parseStatus(body: string): { message: string; reason: string } {
  try {
    const { message, reason } = (JSON.parse(body) ?? {}) as { message?: unknown; reason?: unknown };
    return {
      message: typeof message === 'string' ? message : '',
      reason: typeof reason === 'string' ? reason : '',
    };
  } catch {
    return { message: body.trim().slice(0, 300), reason: '' };
  }
}
