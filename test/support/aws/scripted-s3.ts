/** A server that answers as a test says, where S3 is expected: for what goes wrong on the way. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface OddS3 {
  endpoint: string;
  /** Method, path and, where it was given, range of each request. */
  requests: string[];
  stop(): Promise<void>;
}

/** @param answer called with the number of the request, from 0 */
export async function oddS3(
  answer: (number: number, response: ServerResponse, request: IncomingMessage) => void,
): Promise<OddS3> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const { range, 'if-match': ifMatch } = request.headers;
    requests.push([request.method, request.url?.split('?')[0], range, ifMatch].filter(Boolean).join(' '));
    answer(requests.length - 1, response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, stop };
}

/** An error as S3 gives it. */
export function s3Error(response: ServerResponse, status: number, code: string, message = 'No.'): void {
  response.writeHead(status, { 'content-type': 'application/xml', 'x-amz-request-id': '1' });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`);
}
