import { expect, test } from '@jest/globals';
import type { GcdError } from '../../../../core/errors/errors.ts';
import { confirmImage } from '../../../../functions/image/check-confirm-image.ts';
import { imageConfirmation } from '../../../../functions/lambda/events.ts';
import { ManualClock } from '../../../support/memory/manual-clock.ts';
import { MemoryAccount } from '../../../support/memory-aws/account.ts';
import { MemoryImages } from '../../../support/memory-aws/images.ts';

/** What the function says of a build that ended like this; it is asked as the definition asks it. */
async function said(error: string, cause: string, before?: 'failed'): Promise<GcdError> {
  const account = new MemoryAccount({ clock: new ManualClock(0) });
  const images = new MemoryImages(account);
  if (before === 'failed') {
    account.failingBuilds.add('d');
    await images.build({ digest: 'd', source: '', platform: '', cache: '' });
    while ((await images.status('d')).state === 'building');
  }
  const asked = imageConfirmation.parse({ digest: 'd', build: { Error: error, Cause: cause } });
  return confirmImage({ images })(asked).then(
    () => Promise.reject(new Error('it was confirmed')),
    (thrown) => thrown,
  );
}

const behind = (code: string) =>
  ` (Service: AWSCodeBuild; Status Code: 400; Error Code: ${code}; Request ID: 0f5e; Proxy: null)`;

test.each([undefined, 'failed'] as const)(
  'an account that may build nothing is told so in the words of CodeBuild, and how to ask; builds before: %s',
  async (before) => {
    const code = 'AccountLimitExceededException';
    const words = 'Cannot have more than 0 builds in queue for the account';
    const { name, message, hint } = await said(`CodeBuild.${code}`, `${words}${behind(code)}`, before);
    expect({ name, message }).toEqual({
      name: 'QuotaExceeded',
      message: `CodeBuild rejected the build of the container image: ${words}`,
    });
    expect(hint).toContain('Service Quotas console');
    expect(hint).not.toMatch(/Dockerfile|requirements\.txt/);
  },
);

test.each([
  [
    'CodeBuild.AWSCodeBuildException',
    'User: arn:aws:sts::1:assumed-role/r is not authorized to perform: codebuild:StartBuild',
    'AccessDenied',
  ],
  ['CodeBuild.ResourceNotFoundException', 'Project cannot be found: image', 'ImageFailed'],
  ['States.Timeout', '', 'TookTooLong'],
])('a build that never ran is not the fault of the Dockerfile: %s', async (error, cause, name) => {
  const found = await said(error, cause, 'failed');
  expect(found.name).toBe(name);
  expect(found.message).toContain(cause);
  expect(found.hint ?? '').not.toMatch(/Dockerfile/);
});

test('a build that ran and failed shows its last lines', async () => {
  const { name, hint } = await said('States.TaskFailed', '{"Build": {}}', 'failed');
  expect(name).toBe('ImageFailed');
  expect(hint).toMatch(/Fix Dockerfile or requirements\.txt/);
});
