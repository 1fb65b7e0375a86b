/** A bucket with data: in any region, of any account, public, or one whose readers pay. */
import { HeadBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { type DataAccess, defaultAccess } from '../../../core/config/config.ts';
import type { AwsAccess } from '../../../core/config/dotenv.ts';
import { errorFor } from '../client/errors.ts';
import { newS3Client } from './client.ts';
import { S3Store } from './store.ts';

export class OpenBucket {
  readonly #access: AwsAccess;
  readonly #bucket: string;
  readonly #data: DataAccess;
  readonly #stores: S3Store[] = [];
  #client: Promise<S3Client> | undefined;

  constructor(access: AwsAccess, bucket: string, data: DataAccess = defaultAccess) {
    this.#access = access;
    this.#bucket = bucket;
    this.#data = data;
  }

  /** @param prefix empty, or ends with a slash */
  store(prefix: string): S3Store {
    const send = async (...request: Parameters<S3Client['send']>) => (await this.#ready()).send(...request);
    const store = new S3Store({
      client: { send } as Pick<S3Client, 'send'>,
      bucket: this.#bucket,
      prefix,
      data: this.#data,
    });
    this.#stores.push(store);
    return store;
  }

  close(): void {
    for (const store of this.#stores) store.close();
    this.#client?.then(
      (client) => client.destroy(),
      () => {},
    );
  }

  /** Opens the bucket at the first request; after a failure again at the next. */
  #ready(): Promise<S3Client> {
    this.#client ??= this.#open().catch((error) => {
      this.#client = undefined;
      throw error;
    });
    return this.#client;
  }

  /** A client in the bucket's region: another would be redirected at every request. */
  async #open(): Promise<S3Client> {
    try {
      return await this.#openAs(this.#data);
    } catch (error) {
      const { cause } = error as { cause?: Error };
      if (cause?.name !== 'CredentialsProviderError' || this.#data.requesterPays) throw error;
      // Without an account, a public bucket can still be read.
      return this.#openAs({ ...this.#data, unsigned: true }, error);
    }
  }

  /** @param refused thrown when the bucket denies access */
  async #openAs(data: DataAccess, refused?: unknown): Promise<S3Client> {
    const client = await newS3Client(this.#access, data);
    const region = await this.#region(client, refused);
    if (region === undefined || region === (await client.config.region())) return client;
    client.destroy();
    return newS3Client({ ...this.#access, region }, data);
  }

  /** @returns undefined when the server does not say; S3 says it also to those who may not read the bucket */
  async #region(client: S3Client, refused?: unknown): Promise<string | undefined> {
    try {
      return (await client.send(new HeadBucketCommand({ Bucket: this.#bucket }))).BucketRegion;
    } catch (error) {
      const { $metadata, $response } = error as {
        $metadata?: { httpStatusCode?: number };
        $response?: { headers?: Record<string, string> };
      };
      if (refused !== undefined && $metadata?.httpStatusCode === 403) throw refused;
      // No server answers, or there are no credentials: every other request would fail, too.
      if ($metadata?.httpStatusCode === undefined)
        throw errorFor(error, {
          ...{ action: 's3:ListBucket', arn: `arn:aws:s3:::${this.#bucket}` },
          ...{ what: `s3://${this.#bucket}`, bucket: this.#bucket },
        });
      return $response?.headers?.['x-amz-bucket-region'];
    }
  }
}
