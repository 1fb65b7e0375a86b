/** The images in a repository of ECR. An image is named by its tag, or, without one, by the digest of its manifest. */
import {
  BatchDeleteImageCommand,
  DescribeImagesCommand,
  type ECRClient,
  type ImageDetail,
  type ImageIdentifier,
  paginateDescribeImages,
} from '@aws-sdk/client-ecr';
import type { Condition } from '../client/error-codes.ts';
import type { RequestContext } from '../client/errors.ts';
import { collect, sendOptional } from '../client/send.ts';

const identifierOf = (name: string): ImageIdentifier =>
  name.startsWith('sha256:') ? { imageDigest: name } : { imageTag: name };

export class RepositoryImages {
  readonly #client: ECRClient;
  readonly #repository: string;

  constructor(client: ECRClient, repository: string) {
    this.#client = client;
    this.#repository = repository;
  }

  /** @returns none when there is no such repository */
  async list(): Promise<ImageDetail[]> {
    const pages = paginateDescribeImages({ client: this.#client }, { repositoryName: this.#repository });
    const images = collect(pages, ({ imageDetails }) => imageDetails);
    const context = this.#context('DescribeImages', `images in ${this.#repository}`);
    return (await sendOptional(context, images, 'not-found', 'parent-not-found')) ?? [];
  }

  /** @param conditions under which it does not exist: see `sendOptional` */
  async exists(name: string, ...conditions: Condition[]): Promise<boolean> {
    const imageIds = [identifierOf(name)];
    const found = await sendOptional(
      this.#context('DescribeImages', this.#whatOf(name)),
      this.#client.send(new DescribeImagesCommand({ repositoryName: this.#repository, imageIds })),
      ...conditions,
    );
    return Boolean(found?.imageDetails?.length);
  }

  /** An image that does not exist, or that another one needs, is no error: ECR names it in its answer, which is ignored. */
  async delete(name: string): Promise<void> {
    const imageIds = [identifierOf(name)];
    await sendOptional(
      this.#context('BatchDeleteImage', this.#whatOf(name)),
      this.#client.send(new BatchDeleteImageCommand({ repositoryName: this.#repository, imageIds })),
      'not-found',
      'parent-not-found',
    );
  }

  #whatOf = (name: string) => `image ${name} of repository ${this.#repository}`;

  #context(verb: string, what: string): RequestContext {
    return { action: `ecr:${verb}`, arn: `arn:aws:ecr:*:*:repository/${this.#repository}`, what };
  }
}
