/** Deletes all images of a repository. */
import {
  BatchDeleteImageCommand,
  ECRClient,
  type ImageIdentifier,
  paginateListImages,
} from '@aws-sdk/client-ecr';
import type { AwsAccess } from '../../../core/config/dotenv.ts';
import { AccessDenied } from '../../../core/errors/errors.ts';
import { collect, sendOptional } from '../client/send.ts';
import { clientSettings } from '../client/settings.ts';

/** Images that one request may name. */
const maxImages = 100;

/** A repository that does not exist is no error. @throws AccessDenied when ECR keeps an image */
export async function emptyRepository(access: AwsAccess, repository: string): Promise<void> {
  const client = new ECRClient(clientSettings(access));
  const arn = `arn:aws:ecr:*:*:repository/${repository}`;
  const context = { action: 'ecr:BatchDeleteImage', arn, what: `repository ${repository}` };
  try {
    await sendOptional(context, deleteAll(client, repository), 'parent-not-found');
  } finally {
    client.destroy();
  }
}

async function deleteAll(client: ECRClient, repository: string): Promise<void> {
  for (let left = Number.POSITIVE_INFINITY; ; ) {
    const digests = await digestsIn(client, repository);
    if (digests.length === 0) return;
    const reason = await deleteImages(client, repository, digests);
    // An image that others need is deleted in a later round; when a round deletes none, none will.
    if (digests.length >= left)
      throw new AccessDenied(`${digests[0]} cannot be removed from repository ${repository}: ${reason}`);
    left = digests.length;
  }
}

async function digestsIn(client: ECRClient, repositoryName: string): Promise<string[]> {
  const images = await collect(
    paginateListImages({ client }, { repositoryName }),
    ({ imageIds }) => imageIds,
  );
  return [...new Set(images.flatMap(({ imageDigest }) => imageDigest ?? []))];
}

/** @returns why one of them was kept, if one was */
async function deleteImages(client: ECRClient, repositoryName: string, digests: string[]): Promise<string> {
  let reason = 'it is still listed';
  for (let start = 0; start < digests.length; start += maxImages) {
    const imageIds: ImageIdentifier[] = digests
      .slice(start, start + maxImages)
      .map((imageDigest) => ({ imageDigest }));
    const { failures = [] } = await client.send(new BatchDeleteImageCommand({ repositoryName, imageIds }));
    reason = failures[0]?.failureReason ?? reason;
  }
  return reason;
}
