/** The histogram of task durations, as SVG. */

import { formatCount, formatDuration } from '../../../core/format/numbers.ts';
import { type Distribution, placeOf } from '../data/distribution.ts';
import { type Markup, markup } from '../text/markup.ts';
import { half, patterns } from './shapes.ts';

const size = { width: 1200, height: 240 };
const plot = { x: 70, y: 16, width: 1106, height: 170 };

/** Round durations that lie on the axis: 1, 2 and 5 of each power of ten on a logarithmic one. */
function roundDurations({ scale, from, to }: Distribution): number[] {
  if (scale === 'linear') {
    const least = (to - from) / 8;
    const power = 10 ** Math.floor(Math.log10(least));
    const step = power * [1, 2, 5, 10].find((part) => part * power >= least * (1 - 1e-9))!;
    const first = Math.ceil(from / step);
    return Array.from({ length: Math.floor(to / step) - first + 1 }, (_, i) => (first + i) * step);
  }
  const powers = Array.from(
    { length: Math.ceil(Math.log10(to / from)) + 2 },
    (_, i) => 10 ** (Math.floor(Math.log10(from)) + i),
  );
  const parts = powers.length > 7 ? [1] : [1, 2, 5];
  return powers
    .flatMap((power) => parts.map((part) => part * power))
    .filter((value) => value >= from * 0.999 && value <= to * 1.001);
}

/** Durations on a tick have few digits, so units may change from one to the next. */
function tickLabel(seconds: number): string {
  if (seconds >= 120) return formatDuration(seconds).replace(/ (00 s|00 min)$/, '');
  const [scaled, unit] =
    seconds < 0.9995e-3 ? [seconds * 1e6, 'µs'] : seconds < 0.9995 ? [seconds * 1e3, 'ms'] : [seconds, 's'];
  return `${Number(scaled.toPrecision(6))} ${unit}`;
}

function bars({ bins }: Distribution, id: string, highest: number): Markup[] {
  const width = plot.width / bins.length;
  return bins.map(({ succeeded, failed }, i) => {
    // A bin with a single task among thousands must still be seen.
    const tall = (count: number) => (count === 0 ? 0 : Math.max(1.5, half((count / highest) * plot.height)));
    const [x, w, base] = [half(plot.x + i * width) + 0.5, half(width) - 1, plot.y + plot.height];
    const [low, high] = [tall(succeeded), tall(failed)];
    return markup`${low > 0 && markup`<rect class="busy" x="${x}" y="${base - low}" width="${w}" height="${low}"/>`}${
      high > 0 &&
      markup`<rect fill="url(#${id}-failed)" class="outline" stroke-width="0.8" x="${x}" y="${base - low - high}" width="${w}" height="${high}"/>`
    }`;
  });
}

/** Tasks by duration; failed ones stacked on top, hatched. @param id prefix of the ids in the drawing. */
export function histogram(distribution: Distribution, id: string): Markup {
  const highest = Math.max(...distribution.bins.map((bin) => bin.succeeded + bin.failed));
  const base = plot.y + plot.height;
  const x = (seconds: number) => half(plot.x + placeOf(distribution, seconds) * plot.width);
  const middle = distribution.quantiles.find(({ share }) => share === 0.5)!;
  let last = Number.NEGATIVE_INFINITY;
  const ticks = roundDurations(distribution).filter((seconds) => {
    const fits = x(seconds) - last >= 44;
    if (fits) last = x(seconds);
    return fits;
  });
  return markup`<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" height="${size.height}" role="img" aria-labelledby="${id}-title">
<title id="${id}-title">Histogram of task durations from ${formatDuration(distribution.quantiles[0]!.seconds)} to ${formatDuration(distribution.quantiles.at(-1)!.seconds)}; half of the tasks took at most ${formatDuration(middle.seconds)}</title>
${patterns(id)}
<path class="grid" d="M${plot.x} ${plot.y}h${plot.width}M${plot.x} ${half(plot.y + plot.height / 2)}h${plot.width}"/>
<text class="end muted" x="${plot.x - 8}" y="${plot.y + 4}">${formatCount(highest)}</text>
${highest % 2 === 0 && markup`<text class="end muted" x="${plot.x - 8}" y="${plot.y + plot.height / 2 + 4}">${formatCount(highest / 2)}</text>`}
<text class="end muted" x="${plot.x - 8}" y="${base}">0 tasks</text>
${bars(distribution, id, highest)}
<path class="rule" d="M${plot.x} ${base}h${plot.width}"/>
${ticks.map((seconds) => markup`<path class="rule" d="M${x(seconds)} ${base}v5"/><text class="middle" x="${x(seconds)}" y="${base + 18}">${tickLabel(seconds)}</text>`)}
<text class="middle muted" x="${plot.x + plot.width / 2}" y="${base + 38}">duration of a task${distribution.scale === 'logarithmic' ? ' (logarithmic)' : ''}</text>
</svg>`;
}
