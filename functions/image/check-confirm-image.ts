/** The stages around the image's build: is it there, and is it there now? The build itself is a state of its own. */

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

/** Seconds that a build may take, somebody else's, too. */
const limit = 3600;
const linesShown = 30;

/**
 * Looks for the image; `absent` says that somebody has to build it. A build that another run has begun is waited for;
 * one that failed is no reason not to try.
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

/** What became of the state that builds: its build, or its failure as Step Functions tells it. */
export interface BuildOutcome {
  Error?: string | undefined;
  Cause?: string | undefined;
}

/**
 * Looks for the image after it was built, or should have been: whoever has built it meanwhile.
 * @throws ImageFailed with the last lines of the build; QuotaExceeded, AccessDenied or ImageFailed in CodeBuild's own
 * words when it did not take the build; TookTooLong
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
    const why = tellingLine(lines) ?? build.Error ?? 'its build ended well, but there is no image';
    throw new ImageFailed(`the container image of the project could not be built: ${why}`, {
      hint: [
        ...lines,
        'Mend Dockerfile or requirements.txt; docker build on your machine shows the same.',
      ].join('\n'),
    });
  };

/** The Dockerfile is not to blame where no build has run: undefined when one has. */
function refused({ Error: error, Cause: cause }: BuildOutcome): GcdError | undefined {
  if (error === 'States.Timeout')
    return new TookTooLong(`the container image was not built within ${limit / 60} minutes`);
  // A build that failed is States.TaskFailed, whatever failed it.
  if (!error?.startsWith('CodeBuild.')) return undefined;
  const said = cause ? ownWords(cause) : error;
  const what = `CodeBuild does not build the container image: ${said}`;
  if (error === 'CodeBuild.AccountLimitExceededException')
    return new QuotaExceeded(what, { hint: askForBuilds });
  if (/AccessDenied/.test(error) || /not authorized/.test(said))
    return new AccessDenied(what, {
      hint: 'Give the role that the message names the permission that it names; an organisation may deny it, too.',
    });
  return new ImageFailed(what, { hint: 'gcd-sfn resume tries again.' });
}

/** docs.aws.amazon.com/codebuild/latest/userguide/limits.html; new accounts begin with none, or with few. */
const askForBuilds = [
  'New accounts may build nothing, or little at a time; waiting helps only when the limit is not 0. Ask for more:',
  'Service Quotas console > AWS CodeBuild > "Concurrently running builds for Linux/Medium environment" (ARM/Medium for',
  'Graviton) > Request increase. Where it says that there are builds, and CodeBuild still says 0: AWS Support >',
  'Create case > Account and billing, which costs nothing. Then: gcd-sfn resume',
].join('\n');

/** Without the request's number and the like, which the SDK puts behind it in parentheses. */
const ownWords = (cause: string): string => cause.replace(/\s*\((Service|Status Code):.*$/s, '');

/** Which line of a build's log says why it failed. */

/** The step's number, and the seconds that it took so far. */
const prefix = /^(?:#\d+ )?(?:\d+\.\d+ )?/;
const isError = /(?:^|[\s:])(?:ERROR|error|fatal|\w*Error): |^E: /;
/** What docker says last: which step it was, but not why. */
const isStep = /did not complete successfully|returned a non-zero code/;
const longest = 300;

/** One line of a build: the last error that says more than which step it was; else the last error, else the last line. */
export function tellingLine(lines: string[]): string | undefined {
  const said = lines.flatMap((line) => line.split('\n')).map((line) => line.replace(prefix, '').trim());
  const errors = said.filter((line) => isError.test(line) && !isStep.test(line));
  const found = errors.at(-1) ?? said.findLast((line) => isStep.test(line)) ?? said.findLast(Boolean);
  return found && found.length > longest ? `${found.slice(0, longest)}…` : found;
}
