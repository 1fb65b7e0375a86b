/** The stages CheckImage and ConfirmImage, before and after the state that builds the image. */

import {
  AccessDenied,
  type GcdError,
  ImageFailed,
  QuotaExceeded,
  TookTooLong,
} from '../../core/errors/errors.ts';
import { type Step, waiting } from '../../core/step.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Images } from '../../ports/cluster/images.ts';

export interface ImagePorts {
  images: Images;
  clock: Clock;
}

export interface ImageCheck {
  digest: string;
  /** When the state was entered, seconds since 1970. */
  since: number;
}

export interface FoundImage {
  image: string;
  /** Whether this execution had it built, which costs. */
  built: boolean;
}

/** Maximum seconds of a build, also of another run's. */
const limit = 3600;
const linesShown = 30;

/**
 * Looks up the image; `absent`: it has to be built. Waits for a build that another run has started; a build that failed
 * earlier is retried.
 * @throws TookTooLong
 */
export const checkImage =
  ({ images, clock }: ImagePorts) =>
  async ({ digest, since }: ImageCheck): Promise<Step<FoundImage> | { state: 'absent' }> => {
    const image = await images.find(digest);
    if (image !== undefined) return { state: 'ready', image, built: false };
    const { state } = await images.status(digest);
    if (state === 'building')
      return waiting('the image is being built by another run', { now: clock.now(), since, limit });
    return { state: 'absent' };
  };

/** Output of the state that builds: the build, or its failure as Step Functions reports it. */
export interface BuildOutcome {
  Error?: string | undefined;
  Cause?: string | undefined;
}

/**
 * Looks up the image after the build, whoever has built it.
 * @throws ImageFailed with the last lines of the build; QuotaExceeded, AccessDenied or ImageFailed with CodeBuild's own
 * message if it rejected the build; TookTooLong
 */
export const confirmImage =
  ({ images }: Pick<ImagePorts, 'images'>) =>
  async ({ digest, build }: { digest: string; build: BuildOutcome }): Promise<Step<FoundImage>> => {
    const image = await images.find(digest);
    if (image !== undefined) return { state: 'ready', image, built: true };
    const refusal = refused(build);
    if (refusal) throw refusal;
    const status = await images.status(digest);
    const lines = status.state === 'failed' ? status.lines.slice(-linesShown) : [];
    const why = errorLine(lines) ?? build.Error ?? 'the build succeeded, but the image does not exist';
    throw new ImageFailed(`the container image of the project could not be built: ${why}`, {
      hint: [
        ...lines,
        'Fix Dockerfile or requirements.txt; docker build on your machine shows the same error.',
      ].join('\n'),
    });
  };

/** The error if CodeBuild has not run the build; undefined if it has, so that the Dockerfile is at fault. */
function refused({ Error: error, Cause: cause }: BuildOutcome): GcdError | undefined {
  if (error === 'States.Timeout')
    return new TookTooLong(`the container image was not built within ${limit / 60} minutes`);
  // A build that ran and failed is States.TaskFailed.
  if (!error?.startsWith('CodeBuild.')) return undefined;
  const said = cause ? ownWords(cause) : error;
  const what = `CodeBuild rejected the build of the container image: ${said}`;
  if (error === 'CodeBuild.AccountLimitExceededException')
    return new QuotaExceeded(what, { hint: askForBuilds });
  if (/AccessDenied/.test(error) || /not authorized/.test(said))
    return new AccessDenied(what, {
      hint: 'Grant the role in the message the permission in the message; a policy of your organisation may deny it, too.',
    });
  return new ImageFailed(what, { hint: 'gcd-sfn resume retries it.' });
}

/** New accounts start with a quota of none, or few: docs.aws.amazon.com/codebuild/latest/userguide/limits.html */
const askForBuilds = [
  'New accounts have a quota of no builds, or few at a time; waiting helps only if it is not 0. Request more:',
  'Service Quotas console > AWS CodeBuild > "Concurrently running builds for Linux/Medium environment" (ARM/Medium for',
  'Graviton) > Request increase. If the console shows a quota, and CodeBuild still says 0: AWS Support >',
  'Create case > Account and billing, which is free. Then: gcd-sfn resume',
].join('\n');

/** Without the request's id and status, which the SDK appends in parentheses. */
const ownWords = (cause: string): string => cause.replace(/\s*\((Service|Status Code):.*$/s, '');

/** Of a line of a build's log: the step's number, and its seconds so far. */
const prefix = /^(?:#\d+ )?(?:\d+\.\d+ )?/;
const isError = /(?:^|[\s:])(?:ERROR|error|fatal|\w*Error): |^E: /;
/** Docker's last line: which step failed, but not why. The second is that of Docker before version 23. */
const isStep = /did not complete successfully|executor failed running|returned a non-zero code/;
const longest = 300;

/** The line of a build's log that says why it failed: the last error with a reason, else the last error, else the last line. */
export function errorLine(lines: string[]): string | undefined {
  const said = lines.flatMap((line) => line.split('\n')).map((line) => line.replace(prefix, '').trim());
  const errors = said.filter((line) => isError.test(line) && !isStep.test(line));
  const found = errors.at(-1) ?? said.findLast((line) => isStep.test(line)) ?? said.findLast(Boolean);
  return found && found.length > longest ? `${found.slice(0, longest)}…` : found;
}
