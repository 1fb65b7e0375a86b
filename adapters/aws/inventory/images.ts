/** Images of projects and cached layers of their builds: everything in the stack's repository. */
import { secondsOf } from '../client/tags.ts';
import type { RepositoryImages } from '../codebuild/repository-images.ts';
import type { ResourceHandler } from './resource-kind.ts';

export const images = (repository: RepositoryImages): ResourceHandler => ({
  list: async () =>
    (await repository.list()).map(({ imageTags = [], imageDigest = '', imagePushedAt }) => ({
      kind: 'image',
      name: imageTags[0] ?? imageDigest,
      cluster: null,
      since: secondsOf(imagePushedAt),
    })),
  state: async ({ name }) =>
    (await repository.exists(name, 'not-found', 'parent-not-found')) ? 'exists' : 'deleted',
  // ECR keeps an image that others need, and the next poll shows it.
  remove: ({ name }) => repository.delete(name),
});
