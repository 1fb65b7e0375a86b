/** A bucket that is not the stack's: in any region, of any account, public, or one whose readers pay. */
import { HeadBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { type DataAccess, defaultAccess } from '../../../core/config/config.ts';
import { translated } from '../client/errors.ts';
import { type AwsAccess, newS3Client } from './client.ts';
import { S3Store } from './store.ts';

export class OpenBucket {
  readonly #access: AwsAccess;
  readonly #bucket: string;
  readonly #how: DataAccess;
  readonly #stores: S3Store[] = [];
  #client: Promise<S3Client> | undefined;

  constructor(access: AwsAccess, bucket: string, how: DataAccess = defaultAccess) {
    this.#access = access;
    this.#bucket = bucket;
    this.#how = how;
  }

  /** @param prefix empty, or with a slash at its end */
  store(prefix: string): S3Store {
    const send = async (...sent: Parameters<S3Client['send']>) => (await this.#ready()).send(...sent);
    const store = new S3Store({
      client: { send } as Pick<S3Client, 'send'>,
      bucket: this.#bucket,
      prefix,
      data: this.#how,
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

  /** Once something is asked. What failed is tried again when it is asked again. */
  #ready(): Promise<S3Client> {
    this.#client ??= this.#open().catch((error) => {
      this.#client = undefined;
      throw error;
    });
    return this.#client;
  }

  /** A client of the bucket's own region: one that had to be sent there would be sent there at every request. */
  async #open(): Promise<S3Client> {
    try {
      return await this.#openAs(this.#how);
    } catch (error) {
      const { cause } = error as { cause?: Error };
      if (cause?.name !== 'CredentialsProviderError' || this.#how.requesterPays) throw error;
      // Whoever has no account reads what is public.
      return this.#openAs({ ...this.#how, unsigned: true }, error);
    }
  }

  /** @param refused thrown when the bucket does not let itself be looked at so */
  async #openAs(how: DataAccess, refused?: unknown): Promise<S3Client> {
    const client = await newS3Client(this.#access, how);
    const region = await this.#region(client, refused);
    if (region === undefined || region === (await client.config.region())) return client;
    client.destroy();
    return newS3Client({ ...this.#access, region }, how);
  }

  /** Undefined where the server does not say. S3 says so also to those who may not read the bucket. */
  async #region(client: S3Client, refused?: unknown): Promise<string | undefined> {
    try {
      return (await client.send(new HeadBucketCommand({ Bucket: this.#bucket }))).BucketRegion;
    } catch (error) {
      const { $metadata, $response } = error as {
        $metadata?: { httpStatusCode?: number };
        $response?: { headers?: Record<string, string> };
      };
      if (refused !== undefined && $metadata?.httpStatusCode === 403) throw refused;
      // Nothing answers, or there are no credentials: so it would be at whatever is asked for next.
      if ($metadata?.httpStatusCode === undefined)
        throw translated(error, {
          ...{ action: 's3:ListBucket', arn: `arn:aws:s3:::${this.#bucket}` },
          ...{ what: `s3://${this.#bucket}`, bucket: this.#bucket },
        });
      return $response?.headers?.['x-amz-bucket-region'];
    }
  }
}
