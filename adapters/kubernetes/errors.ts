/** From what the Kubernetes client throws to the errors of the ports. */
import {
  AccessDenied,
  AlreadyThere,
  GcdError,
  NotFound,
  Throttled,
  Unreachable,
  UsageError,
} from '../../core/errors/errors.ts';

/** What was asked of the API server. */
export interface Asked {
  /** As a role names it: `create`. */
  verb: string;
  /** As a role names it: `jobs`, `pods/log`. */
  resource: string;
  /** How a person would name what it was for: `the workers of r-1 in cluster c`. */
  what: string;
}

interface ClientError {
  code?: number | string;
  message?: string;
  body?: unknown;
}

/** Ours for whatever the client threw. Errors that are ours already stay as they are. */
export function translated(error: unknown, { verb, resource, what }: Asked): GcdError {
  if (error instanceof GcdError) return error;
  const { code, message = '', body } = (error ?? {}) as ClientError;
  const { said, reason } = answerIn(body);
  const status = typeof code === 'number' ? code : undefined;
  const text = said ? ` (${said})` : '';

  if (status === 403)
    return new AccessDenied(`not allowed: ${verb} ${resource} for ${what}${text}`, {
      hint: 'gcd-sfn auth add lets a role use the cluster; what a role of the stack lacks, the next run puts back.',
      cause: error,
    });
  if (status === 401)
    return new Unreachable(
      `the cluster does not take the credentials: ${verb} ${resource} for ${what}${text}`,
      {
        hint: 'Your AWS user or role needs an access entry of the cluster: gcd-sfn auth add.',
        cause: error,
      },
    );
  if (status === 404) return new NotFound(`there is no ${what}`, { cause: error });
  if (status === 409 && reason === 'AlreadyExists')
    return new AlreadyThere(`there is a ${what} already`, { cause: error });
  if (status === 409)
    return new AlreadyThere(`somebody else changed ${what} at the same time${text}`, { cause: error });
  if (status === 429)
    return new Throttled(`the cluster asks for fewer requests: ${verb} ${resource} for ${what}${text}`, {
      hint: 'Try again later.',
      cause: error,
    });
  if (status === 400 || status === 422)
    return new UsageError(`the cluster refuses ${what}: ${said || 'it does not say why'}`, {
      hint: 'Where it is about the worker pod, correct `pod` in config.yaml.',
      cause: error,
    });
  return new Unreachable(
    `${what} cannot be reached (${verb} ${resource}): ${said || message || String(code ?? 'no answer')}`,
    {
      hint:
        status === undefined
          ? 'Check the network: name resolution, firewall, proxy; and whether the cluster is still there.'
          : 'Try again; the API server of a new cluster needs some minutes.',
      cause: error,
    },
  );
}

/** What the server says in its `Status`, which comes as an object or as its text. */
function answerIn(body: unknown): { said: string; reason: string } {
  let status = body;
  if (typeof body === 'string')
    try {
      status = JSON.parse(body);
    } catch {
      return { said: body.trim().slice(0, 300), reason: '' };
    }
  const { message, reason } = (status ?? {}) as { message?: unknown; reason?: unknown };
  return {
    said: typeof message === 'string' ? message : '',
    reason: typeof reason === 'string' ? reason : '',
  };
}
