/** S3 in memory, for more objects than moto holds in time: one bucket, and what a store asks of it. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { s3Error } from './scripted-s3.ts';

/** As many keys as one answer to a listing has. */
const page = 1000;

export class MemoryS3 {
  readonly objects = new Map<string, Buffer>();
  /** How often each object was read, whole or in part. */
  readonly reads = new Map<string, number>();
  /** What was asked for and is not imitated. */
  readonly unmodelled: string[] = [];
  readonly #server = createServer((request, response) => {
    this.#answer(request, response).catch((error) => s3Error(response, 500, 'InternalError', String(error)));
  });
  #sorted: string[] | undefined;
  /** Parts of uploads that are not complete, by their number; the upload's id is its key. */
  readonly #uploads = new Map<string, Map<number, Buffer>>();

  async start(): Promise<void> {
    this.#server.keepAliveTimeout = 60_000;
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Reads of objects whose key begins so. */
  readsOf(prefix: string): number {
    return [...this.reads].reduce((sum, [key, count]) => sum + (key.startsWith(prefix) ? count : 0), 0);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', this.endpoint);
    const [, , ...rest] = pathname.split('/');
    const key = decodeURIComponent(rest.join('/'));
    const { method } = request;
    if (method === 'GET' && searchParams.get('list-type') === '2') this.#list(searchParams, response);
    else if (method === 'GET' && key) this.#read(key, request, response);
    else if (method === 'POST' && key && searchParams.has('uploads')) {
      this.#uploads.set(key, new Map());
      xml(response, '<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>');
    } else if (method === 'PUT' && key && !request.headers['content-encoding']) {
      const body = await buffer(request);
      const number = searchParams.get('partNumber');
      if (number === null) this.#put(key, body);
      else this.#uploads.get(key)?.set(Number(number), body);
      response.writeHead(200, { ETag: etagOf(body) }).end();
    } else if (method === 'POST' && key && searchParams.has('uploadId')) {
      const parts = [...(this.#uploads.get(key) ?? [])].sort(([one], [other]) => one - other);
      this.#put(key, Buffer.concat(parts.map(([, body]) => body)));
      this.#uploads.delete(key);
      xml(response, '<CompleteMultipartUploadResult><Key>x</Key></CompleteMultipartUploadResult>');
    } else if (method === 'DELETE' && key) {
      if (this.objects.delete(key)) this.#sorted = undefined;
      response.writeHead(204).end();
    } else {
      this.unmodelled.push(`${method} ${request.url}`);
      s3Error(response, 501, 'NotImplemented');
    }
  }

  #put(key: string, body: Buffer): void {
    if (!this.objects.has(key)) this.#sorted = undefined;
    this.objects.set(key, body);
  }

  #read(key: string, { headers }: IncomingMessage, response: ServerResponse): void {
    const body = this.objects.get(key);
    if (!body) {
      s3Error(response, 404, 'NoSuchKey');
      return;
    }
    this.reads.set(key, (this.reads.get(key) ?? 0) + 1);
    const ETag = etagOf(body);
    const range = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '');
    if (!range) {
      response.writeHead(200, { ETag, 'content-length': body.length }).end(body);
      return;
    }
    const start = Number(range[1]);
    const part = body.subarray(start, range[2] ? Number(range[2]) + 1 : undefined);
    if (part.length === 0) s3Error(response, 416, 'InvalidRange');
    else {
      const where = `bytes ${start}-${start + part.length - 1}/${body.length}`;
      response.writeHead(206, { ETag, 'content-length': part.length, 'content-range': where }).end(part);
    }
  }

  #list(asked: URLSearchParams, response: ServerResponse): void {
    this.#sorted ??= [...this.objects.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    const prefix = asked.get('prefix') ?? '';
    const after = asked.get('start-after') ?? '';
    const isBehind = after > prefix;
    const from = firstAfter(this.#sorted, isBehind ? after : prefix, isBehind);
    const found: string[] = [];
    for (let at = from; at < this.#sorted.length && found.length <= page; at++) {
      const key = this.#sorted[at] as string;
      if (!key.startsWith(prefix)) break;
      found.push(key);
    }
    const contents = found
      .slice(0, page)
      .map(
        (key) =>
          `<Contents><Key>${encodeURIComponent(key)}</Key><Size>${this.objects.get(key)?.length}</Size></Contents>`,
      );
    const body = `<IsTruncated>${found.length > page}</IsTruncated><EncodingType>url</EncodingType>${contents.join('')}`;
    xml(response, `<ListBucketResult>${body}</ListBucketResult>`);
  }
}

const etagOf = (body: Buffer) => `"${createHash('md5').update(body).digest('hex')}"`;

function xml(response: ServerResponse, body: string): void {
  response.writeHead(200, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0"?>${body}`);
}

/** Place of the first key that is not before another one, or is behind it. */
function firstAfter(sorted: string[], than: string, isBehind: boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = Buffer.compare(Buffer.from(sorted[middle] as string), Buffer.from(than));
    if (order < 0 || (isBehind && order === 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}
