/** Clients for the API servers of EKS's clusters: their addresses, and tokens that authenticate the caller. */
import { EKSClient } from '@aws-sdk/client-eks';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { AwsAccess } from '../../../core/config/dotenv.ts';
import { KubernetesClient, type KubernetesOf } from '../../kubernetes/client.ts';
import { send } from '../client/send.ts';
import { clientSettings } from '../client/settings.ts';
import { describeCluster } from './requests.ts';

/** Seconds for which a token is valid, and before its end for which it is not used any more. */
const validSeconds = 60;
const marginSeconds = 15;

/** The clients for a cluster by its name; undefined while it has no API server. */
export function eksKubernetes(access: AwsAccess): KubernetesOf {
  const eks = new EKSClient(clientSettings(access));
  const sts = new STSClient(clientSettings(access));
  return async (name) => {
    const cluster = await describeCluster(eks, name);
    if (!cluster?.endpoint || !cluster.certificateAuthority?.data) return undefined;
    return new KubernetesClient({
      server: cluster.endpoint,
      ca: Buffer.from(cluster.certificateAuthority.data, 'base64').toString(),
      token: kept(() => clusterToken(sts, name)),
    });
  };
}

/** Makes a token only when the last one is about to expire. @param now milliseconds */
export function kept(make: () => Promise<string>, now = Date.now): () => Promise<string> {
  let last: { token: Promise<string>; until: number } | undefined;
  return () => {
    if (!last || now() >= last.until) {
      const token = make();
      last = { token, until: now() + (validSeconds - marginSeconds) * 1000 };
      token.catch(() => {
        last = undefined;
      });
    }
    return last.token;
  };
}

interface Presigner {
  presign(request: object, options: { expiresIn: number }): Promise<{ query?: Record<string, unknown> }>;
}
interface Place {
  protocol: string;
  hostname: string;
  port?: number;
}

/** A token of EKS: a presigned request to STS for the caller's identity, for this cluster only, which EKS sends. */
export function clusterToken(sts: STSClient, cluster: string): Promise<string> {
  const context = { action: 'sts:GetCallerIdentity', arn: '*', what: 'a token for the cluster' };
  return send(context, presignedToken(sts, cluster));
}

async function presignedToken(sts: STSClient, cluster: string): Promise<string> {
  const { protocol, hostname, port } = await placeOf(sts);
  const host = port === undefined ? hostname : `${hostname}:${port}`;
  const request = {
    method: 'GET',
    protocol,
    hostname,
    ...(port !== undefined && { port }),
    path: '/',
    query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
    headers: { host, 'x-k8s-aws-id': cluster },
  };
  const signer = (await sts.config.signer()) as unknown as Presigner;
  const { query = {} } = await signer.presign(request, { expiresIn: validSeconds });
  const parameters = new URLSearchParams(query as Record<string, string>);
  const url = `${protocol}//${host}/?${parameters}`;
  return `k8s-aws-v1.${Buffer.from(url).toString('base64url')}`;
}

/** The address to which the client would send a request; nothing is sent. */
async function placeOf(sts: STSClient): Promise<Place> {
  const command = new GetCallerIdentityCommand({});
  let place: Place | undefined;
  command.middlewareStack.add(
    () => async (args) => {
      place = args.request as Place;
      return { output: { $metadata: {} }, response: {} };
    },
    { step: 'build', name: 'keepPlace' },
  );
  await sts.send(command);
  return place as Place;
}
