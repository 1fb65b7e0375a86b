/** Removes all images of a repository. */
import {
  BatchDeleteImageCommand,
  ECRClient,
  type ImageIdentifier,
  ListImagesCommand,
} from '@aws-sdk/client-ecr';
import { AccessDenied } from '../../../core/errors/errors.ts';
import { translated } from '../client/errors.ts';
import { clientSettings } from '../client/settings.ts';
import type { AwsAccess } from '../s3/client.ts';

/** Most images that may be named at once. */
const atOnce = 100;

/** @throws AccessDenied when ECR keeps an image; a repository that is not there is no error */
export async function emptyRepository(access: AwsAccess, repository: string): Promise<void> {
  const client = new ECRClient(clientSettings(access));
  let left = Number.POSITIVE_INFINITY;
  try {
    for (;;) {
      const digests = await digestsIn(client, repository);
      if (digests.length === 0) return;
      const why = await remove(client, repository, digests);
      // An image that others are made of goes after them; when none has gone, none will.
      if (digests.length >= left)
        throw new AccessDenied(`${digests[0]} cannot be removed from repository ${repository}: ${why}`);
      left = digests.length;
    }
  } catch (error) {
    if (error instanceof Error && error.name === 'RepositoryNotFoundException') return;
    const arn = `arn:aws:ecr:*:*:repository/${repository}`;
    throw translated(error, { action: 'ecr:BatchDeleteImage', arn, what: `repository ${repository}` });
  } finally {
    client.destroy();
  }
}

async function digestsIn(client: ECRClient, repositoryName: string): Promise<string[]> {
  const digests = new Set<string>();
  for (let token: string | undefined; ; ) {
    const page = await client.send(
      new ListImagesCommand({ repositoryName, ...(token && { nextToken: token }) }),
    );
    for (const { imageDigest } of page.imageIds ?? []) if (imageDigest) digests.add(imageDigest);
    token = page.nextToken;
    if (!token) return [...digests];
  }
}

/** @returns why one of them stayed, if one did */
async function remove(client: ECRClient, repositoryName: string, digests: string[]): Promise<string> {
  let why = 'it is still listed';
  for (let start = 0; start < digests.length; start += atOnce) {
    const imageIds: ImageIdentifier[] = digests
      .slice(start, start + atOnce)
      .map((imageDigest) => ({ imageDigest }));
    const { failures = [] } = await client.send(new BatchDeleteImageCommand({ repositoryName, imageIds }));
    why = failures[0]?.failureReason ?? why;
  }
  return why;
}
