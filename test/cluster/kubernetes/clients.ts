/** Clients of any user for the cluster that a kubeconfig names, ours or another. */
import { request } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import { KubernetesClient } from '../../../adapters/kubernetes/client.ts';
import type { HttpRequest, HttpResponse } from '../../../adapters/kubernetes/transport.ts';
import { type OfficialClient, officialClient } from '../../support/kubernetes/official-client.ts';

export interface Clients {
  /** Client of a user in these groups; of a user whom the cluster does not know for `nobody`. */
  as: (...groups: string[]) => KubernetesClient;
  /** The official client of such a user, for calls that gcd-sfn does not make. */
  official: (...groups: string[]) => OfficialClient;
}

/**
 * The administrator of the kubeconfig impersonates the users: every cluster can do that, and authorizes each request as it
 * would theirs.
 */
export function clientsOf(kubeconfig: string): Clients {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const cluster = config.getCurrentCluster();
  if (!cluster) throw new Error(`${kubeconfig} names no cluster in its current context`);
  const connection = (groups: string[]) => ({
    ...{ server: cluster.server, ca: '', token: async () => 'nobody' },
    send: (_: string, sent: HttpRequest) =>
      groups[0] === 'nobody' ? sendAsNobody(sent) : impersonate(sent, groups),
  });
  const impersonate = async (sent: HttpRequest, groups: string[]): Promise<HttpResponse> => {
    const options: Record<string, unknown> = {};
    await config.applyToHTTPSOptions(options);
    const { Authorization: _, ...headers } = sent.headers;
    const who = { 'Impersonate-User': 'tester', 'Impersonate-Group': [...groups, 'system:authenticated'] };
    return sendWith(options, { ...headers, ...(options.headers as object), ...who }, sent);
  };
  const sendAsNobody = async (sent: HttpRequest): Promise<HttpResponse> => {
    const options: Record<string, unknown> = {};
    await config.applyToHTTPSOptions(options);
    // The server's certificate is checked as for the administrator; nothing says who asks.
    const { ca, rejectUnauthorized, servername } = options;
    return sendWith({ ca, rejectUnauthorized, servername }, sent.headers, sent);
  };
  return {
    as: (...groups) => new KubernetesClient(connection(groups)),
    official: (...groups) => officialClient(connection(groups)),
  };
}

function sendWith(
  options: Record<string, unknown>,
  headers: Record<string, string | string[]>,
  { url, method, body }: HttpRequest,
): Promise<HttpResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpResponse>();
  const content = body === undefined ? undefined : Buffer.from(body);
  const length = content && { 'Content-Length': String(content.length) };
  const asked = { ...options, method, headers: { ...headers, ...length }, timeout: 20_000 };
  const outgoing = request(url, asked, (incoming) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('error', reject);
    incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks) }));
  });
  outgoing.on('error', reject);
  outgoing.on('timeout', () => outgoing.destroy(new Error('no answer within 20 seconds')));
  outgoing.end(content);
  return promise;
}
