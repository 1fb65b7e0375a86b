/**
 * Client for the API server of one cluster, with the calls that gcd-sfn makes and no others.
 * docs/decisions/51-kubernetes-client.md lists them.
 */
import { connectionError, type RequestContext, statusError } from './errors.ts';
import { fieldManager, namespace } from './names.ts';
import { transport } from './transport.ts';
import type { Resource, Resources } from './types.ts';

const rbac = '/apis/rbac.authorization.k8s.io/v1';
/** Path of each collection. Namespaced resources are used in gcd-sfn's own namespace only. */
const paths: Record<Resource, string> = {
  namespaces: '/api/v1/namespaces',
  nodes: '/api/v1/nodes',
  pods: `/api/v1/namespaces/${namespace}/pods`,
  events: `/api/v1/namespaces/${namespace}/events`,
  serviceaccounts: `/api/v1/namespaces/${namespace}/serviceaccounts`,
  jobs: `/apis/batch/v1/namespaces/${namespace}/jobs`,
  roles: `${rbac}/namespaces/${namespace}/roles`,
  rolebindings: `${rbac}/namespaces/${namespace}/rolebindings`,
  clusterroles: `${rbac}/clusterroles`,
  clusterrolebindings: `${rbac}/clusterrolebindings`,
  networkpolicies: `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`,
};

/** Objects per page of a list. */
const pageSize = 500;

export interface Connection {
  /** URL of the API server. */
  server: string;
  /** Certificate of the authority that signed the server's certificate, PEM. */
  ca: string;
  /** Returns a valid bearer token. Called for each request. */
  token: () => Promise<string>;
  /** Sends a request; tests pass another. */
  send?: typeof transport;
}

/** Returns the client for a cluster by its name; undefined when the cluster does not exist. */
export type KubernetesOf = (cluster: string) => Promise<KubernetesClient | undefined>;

interface ListQuery {
  labelSelector?: string;
  fieldSelector?: string;
  /** Default: all objects, page by page. Otherwise one page of at most this many. */
  maximum?: number;
}

interface Page {
  items: unknown[];
  metadata?: { continue?: string };
}

interface Call extends RequestContext {
  method: string;
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  contentType?: string;
  body?: unknown;
}

/**
 * Each call takes `what`: what the request is about, in words for the error message, such as `workers of r-1`.
 * Each call throws AccessDenied, AlreadyThere, NotFound, Throttled, Unreachable or UsageError, see errors.ts, and
 * whatever the token's source throws.
 */
export class KubernetesClient {
  readonly #connection: Connection;

  /** Sends nothing yet. */
  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async list<R extends Resource>(
    resource: R,
    { labelSelector, fieldSelector, maximum }: ListQuery,
    what: string,
  ): Promise<Resources[R][]> {
    const items: unknown[] = [];
    let next: string | undefined;
    do {
      const query = { labelSelector, fieldSelector, limit: maximum ?? pageSize, continue: next };
      const call = { method: 'GET', path: paths[resource], query, verb: 'list', resource, what };
      const page = (await this.#send(call)) as Page;
      items.push(...page.items);
      next = maximum === undefined ? page.metadata?.continue : undefined;
    } while (next);
    return items as Resources[R][];
  }

  async get<R extends Resource>(resource: R, name: string, what: string): Promise<Resources[R]> {
    const path = pathOf(resource, name);
    return (await this.#send({ method: 'GET', path, verb: 'get', resource, what })) as Resources[R];
  }

  /** Creates an object; the server refuses fields that it does not know. */
  async create<R extends Resource>(resource: R, body: Resources[R], what: string): Promise<Resources[R]> {
    const query = { fieldValidation: 'Strict' };
    const call = { method: 'POST', path: paths[resource], query, body, verb: 'create', resource, what };
    return (await this.#send(call)) as Resources[R];
  }

  /** Changes an object by a JSON merge patch (RFC 7386). */
  async patch(resource: Resource, name: string, body: object, what: string): Promise<void> {
    const contentType = 'application/merge-patch+json';
    const path = pathOf(resource, name);
    await this.#send({ method: 'PATCH', path, contentType, body, verb: 'patch', resource, what });
  }

  /** Creates or changes an object by server-side apply: fields of other managers stay, except the given ones. */
  async apply<R extends Resource>(resource: R, body: Resources[R], what: string): Promise<void> {
    const path = pathOf(resource, body.metadata?.name ?? '');
    const query = { fieldManager, force: true };
    const contentType = 'application/apply-patch+yaml';
    await this.#send({ method: 'PATCH', path, query, contentType, body, verb: 'patch', resource, what });
  }

  /** Starts the deletion of an object. With `Foreground`, the object stays until the objects that it owns are deleted. */
  async delete(
    resource: Resource,
    name: string,
    options: { propagationPolicy: 'Foreground' },
    what: string,
  ): Promise<void> {
    const path = pathOf(resource, name);
    await this.#send({ method: 'DELETE', path, body: options, verb: 'delete', resource, what });
  }

  /** Starts the deletion of the objects with these labels. */
  async deleteCollection(
    resource: Resource,
    labelSelector: string,
    options: { gracePeriodSeconds: number },
    what: string,
  ): Promise<void> {
    const context = { verb: 'deletecollection', resource, what };
    const query = { labelSelector };
    await this.#send({ method: 'DELETE', path: paths[resource], query, body: options, ...context });
  }

  async #send({ method, path, query = {}, contentType, body, ...context }: Call): Promise<unknown> {
    const { server, ca, token, send = transport } = this.#connection;
    const url = new URL(server.replace(/\/+$/, '') + path);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    try {
      const { status, body: answer } = await send(ca, {
        url: url.href,
        method,
        headers: {
          Accept: 'application/json',
          Authorization: `Bearer ${await token()}`,
          ...(body !== undefined && { 'Content-Type': contentType ?? 'application/json' }),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const text = answer.toString();
      if (status < 200 || status > 299) throw statusError(status, text, context);
      return JSON.parse(text);
    } catch (error) {
      throw connectionError(error, context);
    }
  }
}

const pathOf = (resource: Resource, name: string) => `${paths[resource]}/${encodeURIComponent(name)}`;
