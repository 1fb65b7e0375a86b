/** How the API server of a cluster is spoken to. */
import type { BatchV1Api, CoreV1Api, KubernetesObjectApi } from '@kubernetes/client-node';
import { transport } from './transport.ts';

/** The clients for one cluster. What they throw becomes ours through `errors.ts`. */
export interface Kubernetes {
  core: CoreV1Api;
  batch: BatchV1Api;
  /** Objects of any kind. */
  objects: KubernetesObjectApi;
}

/** The clients for a cluster of this name; undefined when there is no such cluster. */
export type KubernetesOf = (cluster: string) => Promise<Kubernetes | undefined>;

export interface Connection {
  /** `https://…` of the API server. */
  server: string;
  /** Certificate of the authority that it is signed by, PEM. */
  ca: string;
  /** A bearer token that is valid now; asked for at each request. */
  token: () => Promise<string>;
}

/** Clients for a cluster; loads the library that they come from, but asks the cluster nothing yet. */
export async function connect({ server, ca, token }: Connection): Promise<Kubernetes> {
  const client = await import('@kubernetes/client-node');
  const configuration = client.createConfiguration({
    baseServer: new client.ServerConfiguration(server.replace(/\/+$/, ''), {}),
    httpApi: client.wrapHttpLibrary({
      async send(request) {
        const { status, headers, body } = await transport(ca, {
          url: request.getUrl(),
          method: request.getHttpMethod(),
          headers: request.getHeaders(),
          body: request.getBody(),
        });
        return new client.ResponseContext(
          status,
          headers,
          new client.SelfDecodingBody(Promise.resolve(body)),
        );
      },
    }),
    authMethods: {
      default: {
        getName: () => 'token',
        applySecurityAuthentication: async (request) =>
          request.setHeaderParam('Authorization', `Bearer ${await token()}`),
      },
    },
  });
  return {
    core: new client.CoreV1Api(configuration),
    batch: new client.BatchV1Api(configuration),
    objects: new client.KubernetesObjectApi(configuration),
  };
}
