/** moto with its patches, which stands in for AWS, in a process of its own; and what tests put into it. */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { motoPython } from '../../../scripts/moto.ts';
import { type AwsServer, awsEnv, startServer, stopServer } from '../aws/server-process.ts';
import { refusals } from '../iam/judge-requests.ts';
import { violations } from './checked-requests.ts';

const server = fileURLToPath(new URL('../../moto/server.py', import.meta.url));

export interface MotoOptions {
  /** Folders with more patches than those of test/moto/patches. */
  folders?: string[];
  /** More variables for the server. */
  env?: Record<string, string>;
}

export class Moto {
  readonly #server: AwsServer;
  readonly endpoint: string;
  /** The end of what it has written: its requests, and its troubles. */
  readonly log: () => string;

  /** Starts a server on a free port of loopback. @param folders with more patches */
  static async start({ folders = [], env = {} }: MotoOptions = {}): Promise<Moto> {
    const args = [server, ...folders.flatMap((folder) => ['--with', folder])];
    return new Moto(await startServer(motoPython, args, { ...process.env, ...env }));
  }

  private constructor(started: AwsServer) {
    this.#server = started;
    this.endpoint = started.endpoint;
    this.log = started.log;
  }

  /**
   * @throws when it was sent something that AWS would not take, which test/moto/check_requests.py has noted, or by a role
   * that IAM would not let
   */
  async stop(): Promise<void> {
    let wrong: string[];
    let refused: string[];
    try {
      wrong = await violations(this);
      refused = await refusals(this.endpoint);
    } finally {
      await stopServer(this.#server);
    }
    const told = [
      ...(wrong.length > 0 ? ['AWS would not take this:', ...wrong] : []),
      ...(refused.length > 0 ? ['IAM would not allow this:', ...refused] : []),
    ];
    if (told.length > 0) throw new Error(told.join('\n'));
  }

  /** Variables with which everything that speaks to AWS speaks to this server. */
  get env(): Record<string, string> {
    return awsEnv(this.endpoint);
  }

  /** Forgets everything that is in it. */
  async reset(): Promise<void> {
    await fetch(`${this.endpoint}/moto-api/reset`, { method: 'POST' });
  }

  /** Makes a bucket with these objects. */
  async bucket(name: string, objects: Record<string, string> = {}): Promise<void> {
    await this.#send('PUT', name);
    for (const [key, body] of Object.entries(objects)) await this.put(name, key, body);
  }

  put(bucket: string, key: string, body: string): Promise<void> {
    return this.#send('PUT', `${bucket}/${encoded(key)}`, body);
  }

  remove(bucket: string, key: string): Promise<void> {
    return this.#send('DELETE', `${bucket}/${encoded(key)}`);
  }

  /** Nobody may read these objects any more. @param keys a key, or a pattern of a policy such as `*` */
  denyReading(bucket: string, keys: string): Promise<void> {
    const Resource = `arn:aws:s3:::${bucket}/${keys}`;
    const Statement = [
      { Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource },
      // Where there is a policy, moto allows only what it allows.
      { Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: `arn:aws:s3:::${bucket}/*` },
    ];
    return this.#send('PUT', `${bucket}?policy`, JSON.stringify({ Version: '2012-10-17', Statement }));
  }

  /** Uploads in parts that were neither finished nor given up. */
  async openUploads(bucket: string): Promise<number> {
    const list = await (await fetch(`${this.endpoint}/${bucket}?uploads`)).text();
    return list.split('<Upload>').length - 1;
  }

  /** Not by fetch, which takes keys such as `../x` for paths to be tidied up. */
  async #send(method: string, path: string, body = ''): Promise<void> {
    const { hostname, port } = new URL(this.endpoint);
    const sent = request({ hostname, port, method, path: `/${path}` }).end(body);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    const text = await answer.setEncoding('utf8').toArray();
    if ((answer.statusCode ?? 500) >= 300)
      throw new Error(`${method} ${path}: ${answer.statusCode} ${text.join('')}`);
  }
}

const encoded = (key: string) => key.split('/').map(encodeURIComponent).join('/');
