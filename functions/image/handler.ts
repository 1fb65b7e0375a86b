import { systemClock } from '../../core/system-clock.ts';
import { imageCheck, imageConfirmation } from '../lambda/events.ts';
import { lambda } from '../lambda/lambda.ts';
import { images } from '../lambda/ports.ts';
import { checkImage, confirmImage } from './check-confirm-image.ts';

export const check = lambda('CheckImage', imageCheck, (asked) =>
  checkImage({ images: images(), clock: systemClock })(asked),
);

export const confirm = lambda('ConfirmImage', imageConfirmation, (asked) =>
  confirmImage({ images: images() })(asked),
);
