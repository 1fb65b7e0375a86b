import { ownRole } from '../../../adapters/aws/client/settings.ts';
import { CodeBuildImages } from '../../../adapters/aws/codebuild/images.ts';
import { once } from '../once.ts';
import { repository } from '../repository.ts';
import { setting } from '../settings.ts';

export const images = once(
  () =>
    new CodeBuildImages({
      access: ownRole,
      repository: repository(),
      project: setting('imageProjectName'),
    }),
);
