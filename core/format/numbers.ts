/**
 * Numbers as people read them, by one rule each: docs/decisions/52-one-way-to-write-numbers.md.
 * No function prints NaN or Infinity: a figure that is not known is `-`.
 */

export const unknown = '-';

type Figure = number | null | undefined;

/** Larger figures make no sense in a run, and would fill the line. */
const limit = 1e15;
const isFigure = (value: Figure): value is number => typeof value === 'number' && Math.abs(value) < limit;

/** Three significant digits or the whole number, without an exponent or trailing zeros: `0.0123`, `1.5`, `45`, `1,230`. */
function digits(value: number): string {
  if (Math.abs(value) >= 99.95) return Math.round(value).toLocaleString('en');
  const rounded = Number(value.toPrecision(3));
  return rounded.toLocaleString('en', { maximumFractionDigits: 20 });
}

/** A count, `1,234,567`; a mean of counts has three significant digits. */
export function formatCount(value: Figure): string {
  if (!isFigure(value)) return unknown;
  return Number.isInteger(value) ? value.toLocaleString('en') : digits(value);
}

/** The plural of a noun, by its ending: `batches`, `entries`, `tasks`. */
function pluralOf(noun: string): string {
  if (/(s|x|z|ch|sh)$/.test(noun)) return `${noun}es`;
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`;
  return `${noun}s`;
}

/** The noun for so many: `worker`, `workers`. */
export const nounFor = (count: number, noun: string): string => (count === 1 ? noun : pluralOf(noun));

/** `1 task`, `5 tasks`, `1,200 batches`. */
export const plural = (count: number, noun: string): string =>
  `${formatCount(count)} ${nounFor(count, noun)}`;

/** Up to `shown` names, and how many more there are: `a, b, c and 4 more`. */
export function formatNames(names: string[], shown: number, total = names.length): string {
  const some = names.slice(0, shown).join(', ');
  return total > shown ? `${some} and ${formatCount(total - shown)} more` : some;
}

/** A fraction as `98.7 %`. */
export function formatPercent(fraction: Figure): string {
  if (!isFigure(fraction)) return unknown;
  const percent = fraction * 100;
  const places = Math.abs(percent) < 999.95 ? 1 : 0;
  const text = percent.toLocaleString('en', { minimumFractionDigits: places, maximumFractionDigits: places });
  return `${text === '-0.0' ? '0.0' : text} %`;
}

/** A ratio as `1.04`. */
export function formatRatio(value: Figure): string {
  if (!isFigure(value)) return unknown;
  const places = Math.abs(value) < 1000 ? 2 : 0;
  return value.toLocaleString('en', { minimumFractionDigits: places, maximumFractionDigits: places });
}

/** Events per second as `1,200/s`, `1.5/s`, `12/min`, `3.2/h`: in the unit that makes at least one of it. */
export function formatRate(perSecond: Figure): string {
  if (!isFigure(perSecond)) return unknown;
  const [scale, unit] = perSecond >= 1 ? [1, 's'] : perSecond * 60 >= 1 ? [60, 'min'] : [3600, 'h'];
  const rate = perSecond * scale;
  return `${rate >= 9.95 ? Math.round(rate).toLocaleString('en') : Number(rate.toFixed(1))}/${unit}`;
}

/**
 * Seconds: three significant digits below a minute, from there on the two largest units, the second one unless it is
 * zero: `12.3 ms`, `1.5 s`, `2 min 5 s`, `2 min`, `3 h 7 min`, `2 d 4 h`.
 */
export function formatDuration(seconds: Figure): string {
  if (!isFigure(seconds)) return unknown;
  if (seconds < 0) return `-${formatDuration(-seconds)}`;
  if (seconds < 0.5e-9) return '0 s';
  // The bounds are a little below the round number, so that 999.9 ms becomes 1 s and not 1,000 ms.
  if (seconds < 0.9995e-6) return `${digits(seconds * 1e9)} ns`;
  if (seconds < 0.9995e-3) return `${digits(seconds * 1e6)} µs`;
  if (seconds < 0.9995) return `${digits(seconds * 1e3)} ms`;
  if (seconds < 59.95) return `${digits(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return twoUnits(whole, 60, ['min', 's']);
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return twoUnits(minutes, 60, ['h', 'min']);
  return twoUnits(Math.round(seconds / 3600), 24, ['d', 'h']);
}

function twoUnits(value: number, size: number, [large, small]: [string, string]): string {
  const rest = value % size;
  const most = `${Math.floor(value / size).toLocaleString('en')} ${large}`;
  return rest === 0 ? most : `${most} ${rest} ${small}`;
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** Bytes, three significant digits: `512 B`, `1.5 MiB`, `31 GiB`. */
export function formatBytes(bytes: Figure): string {
  if (!isFigure(bytes)) return unknown;
  let [amount, unit] = [bytes, 0];
  for (; amount >= 1023.5 && unit < byteUnits.length - 1; unit++) amount /= 1024;
  return `${digits(amount)} ${byteUnits[unit]}`;
}

/** Less is nothing: a hundredth of a cent. */
const smallestDollars = 0.00005;

/** US dollars to the cent, below ten cents with two significant digits: `$1,234.50`, `$0.05`, `$0.0052`. */
export function formatDollars(dollars: Figure): string {
  if (!isFigure(dollars)) return unknown;
  if (dollars < 0) return `-${formatDollars(-dollars)}`;
  if (dollars < smallestDollars) return '$0.00';
  const cents = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  return `$${dollars.toLocaleString('en', dollars < 0.0995 ? { maximumSignificantDigits: 2 } : cents)}`;
}
