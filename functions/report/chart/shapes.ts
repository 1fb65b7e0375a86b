/** Shapes that both charts share: hatching, crosses, text widths. */
import { type Markup, markup } from '../text/markup.ts';

/** Hatching: failures, and time that is drawn short, can be told apart without colour. */
export const patterns = (id: string): Markup => markup`<defs>
<pattern id="${id}-failed" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="5" height="5" class="stripe"/><rect width="3.2" height="5" class="failed"/></pattern>
<pattern id="${id}-gap" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><rect width="6" height="6" class="stripe"/><rect width="1.5" height="6" class="gap"/></pattern>
</defs>`;

/** Crosses with a rim that sets them off; no taller than `height`. */
export function crosses(centres: { x: number; y: number }[], height: number): Markup {
  const arm = Math.min(4, height / 2 - 0.5);
  const path = centres
    .map(
      ({ x, y }) =>
        `M${(x - arm).toFixed(1)} ${(y - arm).toFixed(1)}l${2 * arm} ${2 * arm}m0 ${-2 * arm}l${-2 * arm} ${2 * arm}`,
    )
    .join('');
  return markup`<path class="halo" stroke-width="3.6" d="${path}"/><path class="failed-line" stroke-width="1.8" d="${path}"/>`;
}

/** Rounded to half a pixel: the image is drawn at twice the size, so edges fall between its pixels. */
export const half = (value: number): number => Math.round(value * 2) / 2;

const narrow = /[ijlftrI.,:;'|!()[\] -]/;
const broad = /[mwMW@%\u1100-\uffff]|[^\0-\uffff]/u;

/** About the pixels that a text takes in the chart's font. */
export const textWidth = (text: string, size = 11): number =>
  Array.from(text).reduce((sum, char) => sum + (narrow.test(char) ? 0.4 : broad.test(char) ? 1 : 0.6), 0) *
  size;
