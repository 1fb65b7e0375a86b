/** A server that answers requests in AWS's JSON protocols as a test says, and keeps them. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  /** Such as `CreateQueue`. */
  operation: string;
  input: Record<string, unknown>;
  headers: IncomingMessage['headers'];
}
/** What is answered: the output, or an error of this name. */
export type Answer = Record<string, unknown> | { error: string; status?: number };

export class AwsAnswers {
  readonly endpoint: string;
  readonly asked: Asked[];
  readonly stop: () => Promise<void>;

  private constructor(endpoint: string, asked: Asked[], stop: () => Promise<void>) {
    this.endpoint = endpoint;
    this.asked = asked;
    this.stop = stop;
  }

  /** On a free port of loopback. */
  static async start(answer: (asked: Asked) => Answer): Promise<AwsAnswers> {
    const all: Asked[] = [];
    const server = createServer(async (request, response) => {
      const text = (await request.setEncoding('utf8').toArray()).join('');
      const operation = String(request.headers['x-amz-target'] ?? '').replace(/^.*\./, '');
      const asked: Asked = { operation, input: text ? JSON.parse(text) : {}, headers: request.headers };
      all.push(asked);
      const given = answer(asked);
      const { error, status = 400 } = given as { error?: string; status?: number };
      response.writeHead(error === undefined ? 200 : status, {
        'content-type': 'application/x-amz-json-1.1',
      });
      response.end(
        JSON.stringify(error === undefined ? given : { __type: error, message: `so it says: ${error}` }),
      );
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const stop = async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    };
    return new AwsAnswers(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, all, stop);
  }
}
