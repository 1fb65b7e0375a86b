/** HTTPS requests to an API server whose certificate is signed by its own authority, through the environment's proxy. */
import { Agent, type AgentOptions, request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { proxyEnvironment } from '../../core/values/proxy-environment.ts';

export interface HttpRequest {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: string | undefined;
}

export interface HttpResponse {
  status: number;
  body: Buffer;
}

/** A connection without data for this long is closed. */
const timeoutMs = 20_000;
/** Attempts of a request that only reads. */
const maximumAttempts = 3;
const pauseMs = 300;
/** The server is busy, or the load balancer has no healthy target: another attempt may succeed. */
const retryable = new Set([429, 500, 502, 503, 504]);

/**
 * Sends a request. A GET is retried when there is no answer, or one with a retryable status.
 * @param ca certificate of the authority, PEM; no other is trusted
 * @throws the error of the last attempt, when there was no answer
 */
export async function transport(ca: string, sent: HttpRequest): Promise<HttpResponse> {
  for (let attempt = 1; ; attempt++) {
    const isLast = attempt === maximumAttempts || sent.method !== 'GET';
    try {
      const response = await sendOnce(ca, sent);
      if (isLast || !retryable.has(response.status)) return response;
    } catch (error) {
      if (isLast) throw error;
    }
    await sleep(pauseMs * 2 ** attempt);
  }
}

function sendOnce(ca: string, { url, method, headers, body }: HttpRequest): Promise<HttpResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpResponse>();
  // No keep-alive: a Lambda function that is frozen between two calls would find the connection dead.
  const agent = new Agent({ ca, keepAlive: false, proxyEnv: proxyEnvironment() } as AgentOptions);
  const content = body === undefined ? undefined : Buffer.from(body);
  // Node sends no length with DELETE: the server would take the body for the next request.
  const length = content && { 'Content-Length': String(content.length) };
  const options = { method, headers: { ...headers, ...length }, agent, timeout: timeoutMs };
  const outgoing = request(url, options, (incoming) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('error', reject);
    incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks) }));
  });
  outgoing.on('error', reject);
  outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${timeoutMs / 1000} seconds`)));
  outgoing.end(content);
  return promise;
}
