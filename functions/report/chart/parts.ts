/** Pieces that both charts draw with. */
import { type Markup, markup } from '../text/markup.ts';

/** Hatching: failures, and time that is drawn short, can be told apart without colour. */
export const patterns = (id: string): Markup => markup`<defs>
<pattern id="${id}-failed" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="5" height="5" class="stripe"/><rect width="3.2" height="5" class="failed"/></pattern>
<pattern id="${id}-gap" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><rect width="6" height="6" class="stripe"/><rect width="1.5" height="6" class="gap"/></pattern>
</defs>`;

/** Rounded to half a pixel: the image is drawn at twice the size, so edges fall between its pixels. */
export const half = (value: number): number => Math.round(value * 2) / 2;

/** Pixels that a text of the chart's size takes in a wide font. */
export const textWidth = (text: string, size = 11): number => Array.from(text).length * size * 0.61;
