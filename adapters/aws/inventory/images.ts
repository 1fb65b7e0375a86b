/** Images of projects, and the layers that their builds keep: everything in the stack's repository. */
import {
  BatchDeleteImageCommand,
  DescribeImagesCommand,
  type ECRClient,
  type ImageIdentifier,
} from '@aws-sdk/client-ecr';
import type { Asked } from '../client/errors.ts';
import { ask, askGone, type Part, pages, seconds } from './resource-kind.ts';

export function imagesPart(ecr: ECRClient, repositoryName: string): Part {
  const asked = (verb: string, name: string): Asked => ({
    action: `ecr:${verb}`,
    arn: `arn:aws:ecr:*:*:repository/${repositoryName}`,
    what: name === '*' ? `images in ${repositoryName}` : `image ${name}`,
  });
  /** An image is named by its tag, where it has one, else by the digest of its manifest. */
  const identified = (name: string): ImageIdentifier =>
    name.startsWith('sha256:') ? { imageDigest: name } : { imageTag: name };

  return {
    async list() {
      const found = await pages(
        asked('DescribeImages', '*'),
        (nextToken) => ecr.send(new DescribeImagesCommand({ repositoryName, nextToken })),
        ({ imageDetails, nextToken }) => ({ items: imageDetails, next: nextToken }),
      );
      return found.map(({ imageTags = [], imageDigest = '', imagePushedAt }) => ({
        kind: 'image',
        name: imageTags[0] ?? imageDigest,
        cluster: null,
        since: seconds(imagePushedAt),
      }));
    },

    async state({ name }) {
      const found = await ask(asked('DescribeImages', name), () =>
        ecr.send(new DescribeImagesCommand({ repositoryName, imageIds: [identified(name)] })),
      );
      return found?.imageDetails?.length ? 'there' : 'gone';
    },

    remove: ({ name }) =>
      // One that another is made of is kept until that is gone, which the answer says, and the next look shows.
      askGone(asked('BatchDeleteImage', name), () =>
        ecr.send(new BatchDeleteImageCommand({ repositoryName, imageIds: [identified(name)] })),
      ),
  };
}
