/** The request of a run on a cluster, checked. */
import { RequestInvalid } from '../../../core/errors/errors.ts';
import type { EksRequest } from '../../../core/run-store/request/draft.ts';
import { checkedRequest } from '../../../core/run-store/request/request.ts';

/** @throws RequestInvalid when it does not fit the schema, or is for no cluster */
export function eksRequest(given: unknown, of: string): EksRequest {
  const request = checkedRequest(given, of);
  const { target } = request;
  if (target.kind === 'eks') return { ...request, target };
  throw new RequestInvalid(`the request of ${of} cannot be used: it is for no cluster`);
}
