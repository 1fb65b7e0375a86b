/** Answers and failed connections as errors. */
import { describe, expect, test } from '@jest/globals';
import { connectionError, statusError } from '../../../../adapters/kubernetes/errors.ts';
import {
  AccessDenied,
  AlreadyThere,
  NotFound,
  Throttled,
  Unreachable,
  UsageError,
} from '../../../../core/errors/errors.ts';

describe('errors of the API server', () => {
  const request = { verb: 'create', resource: 'jobs', what: 'reservation of r-1' };
  const body = (reason: string) => JSON.stringify({ kind: 'Status', reason, message: 'said so' });

  test.each([
    [403, 'Forbidden', AccessDenied, 'not allowed: create jobs for reservation of r-1 (said so)'],
    [401, 'Unauthorized', Unreachable, 'the cluster does not accept the credentials'],
    [404, 'NotFound', NotFound, 'not found: reservation of r-1'],
    [409, 'AlreadyExists', AlreadyThere, 'already exists: reservation of r-1'],
    [
      ...([409, 'Conflict', AlreadyThere] as const),
      'conflict: another client changed reservation of r-1 at the same time (said so)',
    ],
    [422, 'Invalid', UsageError, 'the cluster refuses reservation of r-1: said so'],
    [400, 'BadRequest', UsageError, 'the cluster refuses reservation of r-1: said so'],
    [429, 'TooManyRequests', Throttled, 'the cluster throttles requests: create jobs'],
    [500, 'InternalError', Unreachable, 'reservation of r-1 cannot be reached (create jobs): said so'],
  ])('%i %s', (status, reason, kind, message) => {
    const error = statusError(status, body(reason), request);
    expect(error).toBeInstanceOf(kind);
    expect(error.message).toContain(message);
  });

  test.each([
    ['bad gateway\n', 'bad gateway'],
    ['', 'HTTP 502'],
  ])('an answer that is no JSON: %j', (text, message) => {
    expect(statusError(502, text, request).message).toBe(
      `reservation of r-1 cannot be reached (create jobs): ${message}`,
    );
  });

  test('no answer at all', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const error = connectionError(refused, request);
    expect(error).toBeInstanceOf(Unreachable);
    expect(error.message).toContain('connect ECONNREFUSED');
    expect(error.hint).toContain('network');
  });

  test("gcd-sfn's own errors stay as they are", () => {
    const own = new NotFound('x');
    expect(connectionError(own, request)).toBe(own);
  });
});
