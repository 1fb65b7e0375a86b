/** A function behind a custom resource of CloudFormation, which waits for the answer at a URL. */
import { describeError } from '../../core/errors/errors.ts';
import { logDone, logFailed } from './log.ts';

export interface CustomResourceEvent {
  RequestType: 'Create' | 'Update' | 'Delete';
  ResponseURL: string;
  StackId: string;
  RequestId: string;
  LogicalResourceId: string;
  /** The id of the last answer; absent at creation. */
  PhysicalResourceId?: string;
}

export interface Provided {
  /** Physical id: a new one replaces the resource. */
  id: string;
  data: Record<string, string>;
}

/** @param provide gets the id of the last answer; not called when the resource is deleted */
export function customResource(state: string, provide: (before: string | undefined) => Promise<Provided>) {
  return async (event: CustomResourceEvent, context: { awsRequestId: string }): Promise<void> => {
    const base = { state, run: null, requestId: context.awsRequestId };
    const startedAt = performance.now();
    const seconds = () => (performance.now() - startedAt) / 1000;
    const { PhysicalResourceId: before, RequestType } = event;
    try {
      const { id, data } =
        RequestType === 'Delete' ? { id: before ?? state, data: {} } : await provide(before);
      await answer(event, { Status: 'SUCCESS', PhysicalResourceId: id, Data: data });
      logDone(base, seconds());
    } catch (error) {
      logFailed(base, seconds(), error);
      // Without an answer CloudFormation waits until its own timeout.
      const Reason = describeError(error).message;
      await answer(event, { Status: 'FAILED', PhysicalResourceId: before ?? state, Reason });
    }
  };
}

async function answer(event: CustomResourceEvent, body: Record<string, unknown>): Promise<void> {
  const { ResponseURL, StackId, RequestId, LogicalResourceId } = event;
  // The URL is signed without a content type.
  await fetch(ResponseURL, {
    method: 'PUT',
    headers: { 'content-type': '' },
    body: JSON.stringify({ StackId, RequestId, LogicalResourceId, ...body }),
  });
}
