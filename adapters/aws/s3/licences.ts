/** Licence files in the stack's bucket, encrypted there; a rule of the bucket removes after 14 days what nobody removed. */
import {
  DeleteObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { bucketLayout } from '../../../core/bucket/bucket-layout.ts';
import type { Licences } from '../../../ports/account/licences.ts';
import { answered, answeredUnless } from '../client/answers.ts';
import type { Asked } from '../client/errors.ts';

export class S3Licences implements Licences {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor({ client, bucket }: { client: S3Client; bucket: string }) {
    this.#client = client;
    this.#bucket = bucket;
  }

  async put(run: string, content: Uint8Array): Promise<void> {
    await answered(
      this.#asked('s3:PutObject', run),
      this.#client.send(
        new PutObjectCommand({ ...this.#object(run), Body: content, ServerSideEncryption: 'AES256' }),
      ),
    );
  }

  async has(run: string): Promise<boolean> {
    const found = await answeredUnless(
      ['NotFound', 'NoSuchKey'],
      this.#asked('s3:GetObject', run),
      this.#client.send(new HeadObjectCommand(this.#object(run))),
    );
    return found !== undefined;
  }

  async remove(run: string): Promise<void> {
    await answered(
      this.#asked('s3:DeleteObject', run),
      this.#client.send(new DeleteObjectCommand(this.#object(run))),
    );
  }

  async list(): Promise<{ run: string; since: number }[]> {
    const prefix = bucketLayout.licence('');
    const found: { run: string; since: number }[] = [];
    let token: string | undefined;
    do {
      const page = await answered(
        { ...this.#asked('s3:ListBucket', ''), arn: `arn:aws:s3:::${this.#bucket}` },
        this.#client.send(
          new ListObjectsV2Command({ Bucket: this.#bucket, Prefix: prefix, ContinuationToken: token }),
        ),
      );
      for (const { Key = '', LastModified } of page.Contents ?? [])
        if (Key !== prefix)
          found.push({ run: Key.slice(prefix.length), since: (LastModified?.getTime() ?? 0) / 1000 });
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return found;
  }

  #object(run: string) {
    return { Bucket: this.#bucket, Key: bucketLayout.licence(run) };
  }

  #asked(action: string, run: string): Asked {
    const arn = `arn:aws:s3:::${this.#bucket}/${bucketLayout.licence('*')}`;
    return { action, arn, what: `licence file of run ${run}`, bucket: this.#bucket };
  }
}
