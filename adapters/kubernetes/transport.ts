/** Requests to an API server whose certificate is signed by an authority of its own. */
import { Agent, request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Sent {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: unknown;
}

export interface Received {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** A connection on which nothing comes for this long is given up. */
const silenceMs = 20_000;
/** What only reads is tried so often. */
const attempts = 3;
const pauseMs = 300;
/** A server that is busy, or behind a load balancer whose target is. */
const passing = new Set([429, 500, 502, 503, 504]);

/**
 * Sends a request; one that only reads is tried again when no answer comes, or one that says "later".
 * @throws the error of the last try, when there was no answer
 */
export async function transport(ca: string, sent: Sent): Promise<Received> {
  for (let attempt = 1; ; attempt++) {
    const last = attempt === attempts || sent.method !== 'GET';
    try {
      const received = await once(ca, sent);
      if (last || !passing.has(received.status)) return received;
    } catch (error) {
      if (last) throw error;
    }
    await sleep(pauseMs * 2 ** attempt);
  }
}

function once(ca: string, { url, method, headers, body }: Sent): Promise<Received> {
  const { promise, resolve, reject } = Promise.withResolvers<Received>();
  // No connection is kept: a function that sleeps between two calls would find it dead.
  const agent = new Agent({ ca, keepAlive: false });
  const content = body === undefined ? undefined : Buffer.from(body as string);
  // Node states no length with DELETE, whose body the server would then take for the next request.
  const length = content && { 'Content-Length': String(content.length) };
  const options = { method, headers: { ...headers, ...length }, agent, timeout: silenceMs };
  const asking = request(url, options, (answer) => {
    const chunks: Buffer[] = [];
    answer.on('data', (chunk: Buffer) => chunks.push(chunk));
    answer.on('error', reject);
    answer.on('end', () =>
      resolve({
        status: answer.statusCode ?? 0,
        headers: Object.fromEntries(
          Object.entries(answer.headers).map(([name, value]) => [name, String(value)]),
        ),
        body: Buffer.concat(chunks),
      }),
    );
  });
  asking.on('error', reject);
  asking.on('timeout', () => asking.destroy(new Error(`no answer within ${silenceMs / 1000} seconds`)));
  asking.end(content);
  return promise;
}
