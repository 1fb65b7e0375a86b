/** A store in an S3 bucket; its keys are relative to a prefix. */
import { setTimeout as wait } from 'node:timers/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { DataAccess } from '../../../core/config/config.ts';
import { Unreachable } from '../../../core/errors/errors.ts';
import type { Body, Store, StoredObject } from '../../../core/store.ts';
import { errorFor, type RequestContext } from '../client/errors.ts';
import { send } from '../client/send.ts';
import { inParts, uploadParts } from './multipart.ts';

/** A read is given up after so many breaks between which fewer bytes than this came. */
const maxBreaks = 5;
const progressBytes = 1024 * 1024;
const pauseMs = 200;

export interface S3StoreOptions {
  client: Pick<S3Client, 'send'>;
  bucket: string;
  /** Empty, or ends with a slash. */
  prefix: string;
  /** For a bucket that is not the stack's: how it is accessed. */
  data?: DataAccess;
}

export class S3Store implements Store {
  readonly location: string;
  readonly #client: Pick<S3Client, 'send'>;
  readonly #data: DataAccess | undefined;
  /** Part of every request. */
  readonly #payer: { RequestPayer?: 'requester' };
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #closing = new AbortController();

  constructor({ client, bucket, prefix, data }: S3StoreOptions) {
    this.#client = client;
    this.#data = data;
    this.#payer = data?.requesterPays ? { RequestPayer: 'requester' } : {};
    this.#bucket = bucket;
    this.#prefix = prefix;
    this.location = `s3://${bucket}${prefix && `/${prefix.replace(/\/$/, '')}`}`;
  }

  /** Aborts all requests, with Unreachable, so that the process can exit. */
  close(): void {
    this.#closing.abort();
  }

  /** Keys that end with a slash are folders that somebody created in the console: they are skipped. */
  async *list(prefix: string, after?: string): AsyncIterable<StoredObject> {
    const context: RequestContext = {
      action: 's3:ListBucket',
      arn: `arn:aws:s3:::${this.#bucket}`,
      what: this.location,
      bucket: this.#bucket,
      ...(this.#data && { data: this.#data }),
    };
    let cursor = after === undefined ? undefined : this.#prefix + after;
    for (;;) {
      const page = await send(
        context,
        this.#client.send(
          new ListObjectsV2Command({
            Bucket: this.#bucket,
            Prefix: this.#prefix + prefix,
            StartAfter: cursor,
            // XML cannot hold all characters of keys.
            EncodingType: 'url',
            ...this.#payer,
          }),
          this.#options(),
        ),
      );
      for (const { Key, Size = 0 } of page.Contents ?? []) {
        cursor = decoded(Key ?? '');
        if (!cursor.endsWith('/')) yield { key: cursor.slice(this.#prefix.length), size: Size };
      }
      if (!page.IsTruncated) return;
    }
  }

  /** A read that breaks off is resumed where it was, as long as the object stays the same. */
  async *read(key: string, range: { start: number; end?: number } = { start: 0 }): AsyncIterable<Uint8Array> {
    if (range.end !== undefined && range.end <= range.start) return;
    let at = range.start;
    let etag: string | undefined;
    let breaks = 0;
    let mark = at;
    for (;;) {
      const object = await this.#get(key, at, range.end, etag);
      if (!object) return;
      etag ??= object.ETag;
      const end = at + (object.ContentLength ?? 0);
      const body = object.Body as unknown as AsyncIterable<Uint8Array> & { destroy(): void };
      const abort = () => body.destroy();
      this.#closing.signal.addEventListener('abort', abort, { once: true });
      let broken: unknown;
      try {
        for await (const chunk of body) {
          at += chunk.length;
          yield chunk;
        }
      } catch (error) {
        broken = error;
      } finally {
        this.#closing.signal.removeEventListener('abort', abort);
      }
      if (at === end && broken === undefined) return;
      if (at - mark >= progressBytes) breaks = 0;
      mark = at;
      // At the end, the checksum does not match: what was yielded cannot be taken back.
      if (this.#closing.signal.aborted || at >= end || ++breaks > maxBreaks) {
        const cause = broken ?? new Error('the connection broke off');
        throw this.#closing.signal.aborted
          ? new Unreachable(`${this.#what(key)}: reading was ended`, { cause })
          : errorFor(cause, this.#context('s3:GetObject', key));
      }
      await wait(pauseMs * breaks);
    }
  }

  async write(key: string, body: Body, { ifAbsent = false }: { ifAbsent?: boolean } = {}): Promise<void> {
    const target = {
      Bucket: this.#bucket,
      Key: this.#prefix + key,
      ...this.#payer,
    };
    const condition = ifAbsent ? { IfNoneMatch: '*' } : {};
    const context = this.#context('s3:PutObject', key);
    const parts = inParts(body);
    // One part: one request.
    const first = (await parts.next()).value ?? Buffer.alloc(0);
    const second = await parts.next();
    if (second.done)
      await send(
        context,
        this.#client.send(new PutObjectCommand({ ...target, ...condition, Body: first }), this.#options()),
      );
    else {
      const all = (async function* () {
        yield first;
        yield second.value;
        yield* parts;
      })();
      await uploadParts(this.#client, target, { context, condition, options: this.#options() }, all);
    }
  }

  async remove(key: string): Promise<void> {
    await send(
      this.#context('s3:DeleteObject', key),
      this.#client.send(
        new DeleteObjectCommand({ Bucket: this.#bucket, Key: this.#prefix + key, ...this.#payer }),
        this.#options(),
      ),
    );
  }

  /** @returns undefined when the range begins after the object's end */
  async #get(
    key: string,
    start: number,
    end: number | undefined,
    etag: string | undefined,
  ): Promise<GetObjectCommandOutput | undefined> {
    const isWhole = start === 0 && end === undefined;
    const context = this.#context('s3:GetObject', key);
    try {
      return await this.#client.send(
        new GetObjectCommand({
          Bucket: this.#bucket,
          Key: this.#prefix + key,
          ...(!isWhole && { Range: `bytes=${start}-${end === undefined ? '' : end - 1}` }),
          ...(etag !== undefined && { IfMatch: etag }),
          ...this.#payer,
        }),
        this.#options(),
      );
    } catch (error) {
      const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
      if (name === 'InvalidRange' || $metadata?.httpStatusCode === 416) return undefined;
      if (etag !== undefined && $metadata?.httpStatusCode === 412)
        throw new Unreachable(`${context.what} was replaced while it was read`, { cause: error });
      throw errorFor(error, context);
    }
  }

  #options() {
    return { abortSignal: this.#closing.signal };
  }

  #what(key: string): string {
    return `${key} in ${this.location}`;
  }

  #context(action: string, key: string): RequestContext {
    const arn = `arn:aws:s3:::${this.#bucket}/${this.#prefix}*`;
    const data = this.#data && { data: this.#data };
    return { action, arn, what: this.#what(key), bucket: this.#bucket, ...data };
  }
}

/** Of a key in a listing with `EncodingType: 'url'`. */
function decoded(key: string): string {
  return decodeURIComponent(key.replaceAll('+', ' '));
}
