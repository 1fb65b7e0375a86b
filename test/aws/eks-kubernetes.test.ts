/** How the API servers of EKS's clusters are spoken to, and who they see. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateClusterCommand, EKSClient } from '@aws-sdk/client-eks';
import { STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { generate } from 'selfsigned';
import { clientSettings } from '../../adapters/aws/client/settings.ts';
import { clusterToken, eksKubernetes, kept } from '../../adapters/aws/eks/kubernetes-client.ts';
import { Unreachable } from '../../core/errors/errors.ts';
import { motoPython } from '../../scripts/moto.ts';
import { Moto } from '../support/moto/moto.ts';

const keys = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'very/secret',
  sessionToken: 'a+session/token==',
};
const access = { ...keys, region: 'eu-west-1' };

let moto: Moto;
let server: Server;
let folder: string;
const seen: string[] = [];
beforeAll(async () => {
  const pair = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
    ],
  });
  server = createServer({ key: pair.private, cert: pair.cert }, (request, response) => {
    seen.push(request.headers.authorization ?? '');
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ kind: 'NodeList', apiVersion: 'v1', metadata: {}, items: [] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  folder = mkdtempSync(join(tmpdir(), 'gcd-ca-'));
  writeFileSync(join(folder, 'ca.pem'), pair.cert);
  moto = await Moto.start({
    env: {
      GCD_MOTO_EKS_ENDPOINT: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
      GCD_MOTO_EKS_CA: join(folder, 'ca.pem'),
    },
  });
  Object.assign(process.env, moto.env);
});
afterAll(async () => {
  await moto?.stop();
  server?.closeAllConnections();
  server?.close();
  if (folder) rmSync(folder, { recursive: true });
});

/** The address in a token. */
const urlIn = (token: string): URL =>
  new URL(Buffer.from(token.replace(/^k8s-aws-v1\./, ''), 'base64url').toString());

describe('the API server', () => {
  test('of a cluster is asked with a token; of one that is not there there is none', async () => {
    const kubernetes = eksKubernetes(access);
    expect(await kubernetes('c')).toBeUndefined();
    await new EKSClient(clientSettings(access)).send(
      new CreateClusterCommand({
        name: 'c',
        roleArn: 'arn:aws:iam::123456789012:role/cluster',
        resourcesVpcConfig: { subnetIds: ['subnet-1'] },
      }),
    );
    const found = await kubernetes('c');
    expect(await found?.list('nodes', {}, 'nodes')).toEqual([]);
    await found?.list('nodes', {}, 'nodes');
    expect(seen).toHaveLength(2);
    expect(seen[0]).toMatch(/^Bearer k8s-aws-v1\.[\w-]+$/);
    expect(seen[1]).toBe(seen[0]);
  });
});

describe('a token', () => {
  /** What Amazon's own signer for Python says. */
  const signedByAws = (url: URL): string =>
    execFileSync(
      motoPython,
      [
        '-c',
        `import datetime, sys
import botocore.auth, botocore.awsrequest, botocore.credentials
url, date, cluster, key, secret, token = sys.argv[1:]
at = datetime.datetime.strptime(date, "%Y%m%dT%H%M%SZ")
class Frozen(datetime.datetime):
    @classmethod
    def now(cls, tz=None): return at.replace(tzinfo=tz)
    @classmethod
    def utcnow(cls): return at
botocore.auth.get_current_datetime = lambda remove_tzinfo=True: at
credentials = botocore.credentials.Credentials(key, secret, token)
request = botocore.awsrequest.AWSRequest("GET", url, headers={"x-k8s-aws-id": cluster})
botocore.auth.SigV4QueryAuth(credentials, "sts", "eu-west-1", expires=60).add_auth(request)
print(request.url)`,
        `${url.origin}/?Action=GetCallerIdentity&Version=2011-06-15`,
        url.searchParams.get('X-Amz-Date') ?? '',
        'my-cluster',
        keys.accessKeyId,
        keys.secretAccessKey,
        keys.sessionToken,
      ],
      { encoding: 'utf8' },
    ).trim();

  test('is a request for the own name, signed for this cluster as AWS signs it', async () => {
    delete process.env.AWS_ENDPOINT_URL;
    try {
      const url = urlIn(await clusterToken(new STSClient(clientSettings(access)), 'my-cluster'));
      expect(url.origin).toBe('https://sts.eu-west-1.amazonaws.com');
      expect(url.searchParams.get('Action')).toBe('GetCallerIdentity');
      expect(url.searchParams.get('X-Amz-Expires')).toBe('60');
      expect(url.searchParams.get('X-Amz-SignedHeaders')).toBe('host;x-k8s-aws-id');
      const expected = new URL(signedByAws(url));
      const sorted = ({ searchParams }: URL) => Object.fromEntries(searchParams);
      expect(sorted(url)).toEqual(sorted(expected));
    } finally {
      process.env.AWS_ENDPOINT_URL = moto.endpoint;
    }
  });

  test('is asked of wherever STS is, which says whose it is', async () => {
    const url = urlIn(await clusterToken(new STSClient(clientSettings(access)), 'c'));
    expect(url.origin).toBe(moto.endpoint);
    const answer = await fetch(url, { headers: { 'x-k8s-aws-id': 'c' } });
    expect(await answer.text()).toContain('<Arn>arn:aws:sts::123456789012:user/moto</Arn>');
  });

  test('is not made without credentials, and says so', async () => {
    const sts = new STSClient({
      region: 'eu-west-1',
      credentials: async () => {
        throw Object.assign(new Error('none'), { name: 'CredentialsProviderError' });
      },
    });
    const failing = clusterToken(sts, 'c');
    await expect(failing).rejects.toThrow(Unreachable);
    await expect(failing).rejects.toThrow('credentials');
  });

  test('is kept until shortly before its end, and not when it could not be made', async () => {
    let now = 1_000_000;
    let made = 0;
    const token = kept(
      async () => {
        if (++made === 2) throw new Error('not now');
        return `token ${made}`;
      },
      () => now,
    );
    expect([await token(), await token()]).toEqual(['token 1', 'token 1']);
    now += 44_000;
    expect(await token()).toBe('token 1');
    now += 1000;
    await expect(token()).rejects.toThrow('not now');
    expect(await token()).toBe('token 3');
  });
});
