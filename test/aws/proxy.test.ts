/** Requests to AWS and to other services of its kind, from behind a proxy. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { OpenBucket } from '../../adapters/aws/s3/index.ts';
import { proxyEnvironment } from '../../core/values/proxy-environment.ts';
import { keysOf } from '../contract/suites/store.ts';
import { command, newProject } from '../support/cli/project.ts';

const listing =
  '<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>p/a.csv</Key><Size>1</Size></Contents></ListBucketResult>';
const before = { ...process.env };
let proxy: Server | undefined;
afterEach(async () => {
  process.env = { ...before };
  proxy?.closeAllConnections();
  proxy?.close();
});

/** A proxy that answers in the place of whom it is asked for; `asked`: method and target of each request. */
async function startProxy() {
  const asked: string[] = [];
  proxy = createServer((request: IncomingMessage, response) => {
    asked.push(`${request.method} ${request.url}`);
    response
      .writeHead(200, { 'content-type': 'application/xml' })
      .end(request.method === 'HEAD' ? '' : listing);
  });
  proxy.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    socket.end('HTTP/1.1 502 not here\r\n\r\n');
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return { asked, url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` };
}

test("a service other than AWS's is asked at its own URL, through the proxy", async () => {
  const { asked, url } = await startProxy();
  Object.assign(process.env, { http_proxy: url, AWS_MAX_ATTEMPTS: '1' });
  const access = { accessKeyId: 'key', secretAccessKey: 'key', sessionToken: null, region: 'us-west-2' };
  const endpoint = 'http://minio.example:9000';
  const opened = new OpenBucket(access, 'data', { requesterPays: false, unsigned: false, endpoint });
  expect(await keysOf(opened.store('p/'))).toEqual(['a.csv']);
  opened.close();
  expect(asked.at(-1)).toMatch(/^GET http:\/\/minio\.example:9000\/data\/?\?\S*list-type=2/);
});

describe('gcd-sfn', () => {
  const keys = {
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'x',
    AWS_REGION: 'us-west-2',
  };
  const project = () =>
    newProject({
      'entrypoint.py':
        'def entrypoint(curr_process_file, curr_process_column, data_bucket):\n    return {}\n',
      'config.yaml': 'data_bucket: pv-data\n',
    });

  test.each(['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY'])('asks S3 through the proxy of %s', async (name) => {
    const { asked, url } = await startProxy();
    const { folder, remove } = await project();
    const { stderr, code } = await command(['start', '-p', folder, '--dry-run'], {
      env: { ...keys, AWS_MAX_ATTEMPTS: '1', [name]: url },
    });
    await remove();
    expect(asked[0]).toMatch(/^CONNECT pv-data\.s3\.us-west-2\.amazonaws\.com:443$/);
    expect(code).toBe(3);
    expect(stderr).toContain('cannot be reached');
  });

  test('says what is wrong with a proxy that cannot be used', async () => {
    const { folder, remove } = await project();
    const { stderr, code } = await command(['start', '-p', folder, '--dry-run'], {
      env: { ...keys, HTTPS_PROXY: 'socks5://127.0.0.1:9' },
    });
    await remove();
    expect(stderr).toContain('error: the proxy of https_proxy or all_proxy in the environment');
    expect(code).toBe(2);
  });
});

describe('the proxy that the environment names', () => {
  test('is taken in either case, and without its scheme', () => {
    expect(proxyEnvironment({ HTTPS_PROXY: 'proxy:3128' })).toMatchObject({
      https_proxy: 'http://proxy:3128',
    });
    const both = proxyEnvironment({
      https_proxy: 'http://a',
      HTTPS_PROXY: 'http://b',
      ALL_PROXY: 'http://c',
    });
    expect(both).toMatchObject({ https_proxy: 'http://a', http_proxy: 'http://c' });
    expect(proxyEnvironment({ NO_PROXY: 'x', HTTPS_PROXY: '' })).toBeUndefined();
  });

  test('is not asked for this machine, nor for what NO_PROXY names', () => {
    const { no_proxy: without = '' } =
      proxyEnvironment({ http_proxy: 'p:1', NO_PROXY: '.example.org, other' }) ?? {};
    const hosts = without.split(',');
    expect(hosts).toEqual(expect.arrayContaining(['.example.org', 'other', 'localhost', '169.254.169.254']));
  });
});
