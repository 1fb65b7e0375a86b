/** Licence files in the stack's bucket, encrypted; a lifecycle rule of the bucket deletes them after 14 days. */
import {
  DeleteObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { bucketLayout } from '../../../core/bucket/bucket-layout.ts';
import type { Licences } from '../../../ports/account/licences.ts';
import type { RequestContext } from '../client/errors.ts';
import { collect, send, sendOptional } from '../client/send.ts';

export class S3Licences implements Licences {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor({ client, bucket }: { client: S3Client; bucket: string }) {
    this.#client = client;
    this.#bucket = bucket;
  }

  async put(run: string, content: Uint8Array): Promise<void> {
    const object = { ...this.#object(run), Body: content, ServerSideEncryption: 'AES256' } as const;
    await send(this.#context('s3:PutObject', run), this.#client.send(new PutObjectCommand(object)));
  }

  async has(run: string): Promise<boolean> {
    const found = await sendOptional(
      this.#context('s3:GetObject', run),
      this.#client.send(new HeadObjectCommand(this.#object(run))),
    );
    return found !== undefined;
  }

  async remove(run: string): Promise<void> {
    const command = new DeleteObjectCommand(this.#object(run));
    await send(this.#context('s3:DeleteObject', run), this.#client.send(command));
  }

  async list(): Promise<{ run: string; since: number }[]> {
    const prefix = bucketLayout.licence('');
    const pages = paginateListObjectsV2({ client: this.#client }, { Bucket: this.#bucket, Prefix: prefix });
    const objects = await send(
      { ...this.#context('s3:ListBucket', ''), arn: `arn:aws:s3:::${this.#bucket}` },
      collect(pages, ({ Contents }) => Contents),
    );
    return objects
      .filter(({ Key }) => Key !== prefix)
      .map(({ Key = '', LastModified }) => ({
        run: Key.slice(prefix.length),
        since: (LastModified?.getTime() ?? 0) / 1000,
      }));
  }

  #object(run: string) {
    return { Bucket: this.#bucket, Key: bucketLayout.licence(run) };
  }

  #context(action: string, run: string): RequestContext {
    const arn = `arn:aws:s3:::${this.#bucket}/${bucketLayout.licence('*')}`;
    return { action, arn, what: `licence file of run ${run}`, bucket: this.#bucket };
  }
}
