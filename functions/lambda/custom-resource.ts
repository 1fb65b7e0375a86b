/** The other kind of function: CloudFormation asks it while it makes the stack, and waits for an answer elsewhere. */
import { describeError } from '../../core/errors/errors.ts';
import { logDone, logFailed } from './log.ts';

export interface CustomResourceEvent {
  RequestType: 'Create' | 'Update' | 'Delete';
  ResponseURL: string;
  StackId: string;
  RequestId: string;
  LogicalResourceId: string;
  /** What was answered before; not there when it is created. */
  PhysicalResourceId?: string;
}

export interface Provided {
  /** What it is recognised by: another one means another resource. */
  id: string;
  data: Record<string, string>;
}

/** @param provide gets the id that it answered before; is not asked when the resource is deleted */
export function customResource(state: string, provide: (before: string | undefined) => Promise<Provided>) {
  return async (event: CustomResourceEvent, context: { awsRequestId: string }): Promise<void> => {
    const told = { state, run: null, requestId: context.awsRequestId };
    const began = performance.now();
    const seconds = () => (performance.now() - began) / 1000;
    const { PhysicalResourceId: before, RequestType } = event;
    try {
      const { id, data } =
        RequestType === 'Delete' ? { id: before ?? state, data: {} } : await provide(before);
      await answer(event, { Status: 'SUCCESS', PhysicalResourceId: id, Data: data });
      logDone(told, seconds());
    } catch (error) {
      logFailed(told, seconds(), error);
      // Without an answer CloudFormation waits until its own time is over.
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
