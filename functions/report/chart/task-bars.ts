/** Every task as a bar of its own, where there are few enough. */
import { type Markup, markup } from '../text/markup.ts';
import type { Bar, LanesPlace } from './panel.ts';
import { crosses, half } from './shapes.ts';

/** Hatching shows in bars that are wider. */
const widthOfHatching = 12;

/** Failed tasks are hatched, and crossed where they are too short for that to be seen. */
export function taskBars(bars: Bar[], place: LanesPlace): Markup {
  const boxOf = ({ row, from, to, failed }: Bar) => {
    const width = (to - from) * place.width;
    // A seam shows where one task ends and the next begins.
    const w = Math.max(0.8, width - (width >= 3 ? 0.8 : 0));
    return {
      failed,
      x: place.x + from * place.width,
      y: half(place.rowMiddle(row) - place.barHeight / 2),
      w,
    };
  };
  const boxes = bars.map(boxOf);
  const failed = boxes.filter((box) => box.failed);
  const path = (some: typeof boxes) =>
    some
      .map(({ x, y, w }) => `M${x.toFixed(1)} ${y}h${w.toFixed(1)}v${place.barHeight}h${(-w).toFixed(1)}z`)
      .join('');
  const centres = failed
    .filter(({ w }) => w < widthOfHatching)
    .map(({ x, y, w }) => ({ x: x + w / 2, y: y + place.barHeight / 2 }));
  return markup`<path class="busy" d="${path(boxes.filter((box) => !box.failed))}"/>
<path fill="url(#${place.id}-failed)" class="outline" stroke-width="0.8" d="${path(failed)}"/>
${crosses(centres, place.barHeight)}`;
}
