/** The stages around the image's build: is it there, and is it there now? The build itself is a state of its own. */
import type { Clock } from '../../ports/clock.ts';
import { ImageFailed } from '../../ports/errors.ts';
import type { Images } from '../../ports/images.ts';
import { type Step, waiting } from '../../ports/step.ts';
import { tellingLine } from './telling-line.ts';

export interface ImagePorts {
  images: Images;
  clock: Clock;
}

export interface ImageCheck {
  digest: string;
  /** When the execution began, seconds since 1970. */
  since: number;
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
  async ({ digest, since }: ImageCheck): Promise<Step<{ image: string }> | { state: 'absent' }> => {
    const image = await images.find(digest);
    if (image !== undefined) return { state: 'ready', image };
    const { state } = await images.status(digest);
    if (state === 'building')
      return waiting('the image is being built by another run', { now: clock.now(), since, limit });
    return { state: 'absent' };
  };

/** What became of the state that builds: its build, or its failure. */
export interface BuildOutcome {
  Error?: string;
}

/**
 * Looks for the image after it was built, or should have been: whoever has built it meanwhile.
 * @throws ImageFailed with the last lines of the build
 */
export const confirmImage =
  ({ images }: Pick<ImagePorts, 'images'>) =>
  async ({ digest, build }: { digest: string; build: BuildOutcome }): Promise<Step<{ image: string }>> => {
    const image = await images.find(digest);
    if (image !== undefined) return { state: 'ready', image };
    const status = await images.status(digest);
    const lines = status.state === 'failed' ? status.lines.slice(-linesShown) : [];
    const why = tellingLine(lines) ?? build.Error ?? 'its build ended well, but there is no image';
    throw new ImageFailed(`the container image of the project could not be built: ${why}`, {
      mend: [
        ...lines,
        'Mend Dockerfile or requirements.txt; docker build on your machine shows the same.',
      ].join('\n'),
    });
  };
