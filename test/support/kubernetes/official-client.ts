/** The official client for the same API server: for calls that gcd-sfn does not make, and to compare requests. */
import {
  BatchV1Api,
  CoreV1Api,
  createConfiguration,
  KubernetesObjectApi,
  ResponseContext,
  SelfDecodingBody,
  ServerConfiguration,
  wrapHttpLibrary,
} from '@kubernetes/client-node';
import type { Connection } from '../../../adapters/kubernetes/client.ts';
import { transport } from '../../../adapters/kubernetes/transport.ts';

export interface OfficialClient {
  core: CoreV1Api;
  batch: BatchV1Api;
  /** Objects of any kind. */
  objects: KubernetesObjectApi;
}

export function officialClient({ server, ca, token, send = transport }: Connection): OfficialClient {
  const configuration = createConfiguration({
    baseServer: new ServerConfiguration(server, {}),
    httpApi: wrapHttpLibrary({
      async send(request) {
        const { status, body } = await send(ca, {
          url: request.getUrl(),
          method: request.getHttpMethod(),
          headers: request.getHeaders(),
          body: request.getBody() as string | undefined,
        });
        const type = body.toString().startsWith('{') ? 'application/json' : 'text/plain';
        const answer = new SelfDecodingBody(Promise.resolve(body));
        return new ResponseContext(status, { 'content-type': type }, answer);
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
    core: new CoreV1Api(configuration),
    batch: new BatchV1Api(configuration),
    objects: new KubernetesObjectApi(configuration),
  };
}
