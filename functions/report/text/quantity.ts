/** Numbers as people read them. None of these ever prints NaN or Infinity: what is no number is `none`. */

/** What stands for a figure that cannot be known. */
const none = '-';

/** Three significant digits, or all before the point, and never an exponent: `0.0123`, `1.02`, `45.0`, `1,230`. */
function digits(value: number): string {
  if (Math.abs(value) >= 100) return grouped(value.toFixed(0));
  const rounded = Number(value.toPrecision(3));
  if (rounded === 0) return '0';
  const magnitude = Math.floor(Math.log10(Math.abs(rounded)) + 1e-9);
  return rounded.toFixed(Math.min(20, Math.max(0, 2 - magnitude)));
}

function grouped(text: string): string {
  const [whole = '', fraction] = text.split('.');
  const withCommas = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? withCommas : `${withCommas}.${fraction}`;
}

/** Above this no figure of a run makes sense, and digits would fill the line. */
const limit = 1e15;
const sensible = (value: number | null | undefined): value is number =>
  typeof value === 'number' && Math.abs(value) < limit;

const two = (value: number) => String(value).padStart(2, '0');

/** Seconds as `12.3 ms`, `1.02 s`, `2 min 05 s`, `3 h 07 min`, `2 d 04 h`. */
export function formatDuration(seconds: number | null | undefined): string {
  if (!sensible(seconds)) return none;
  if (seconds < 0) return `-${formatDuration(-seconds)}`;
  if (seconds < 0.5e-9) return '0 s';
  // The bounds are a little below the round number, so that 999.9 ms becomes 1.00 s and not 1,000 ms.
  if (seconds < 0.9995e-6) return `${digits(seconds * 1e9)} ns`;
  if (seconds < 0.9995e-3) return `${digits(seconds * 1e6)} µs`;
  if (seconds < 0.9995) return `${digits(seconds * 1e3)} ms`;
  if (seconds < 59.95) return `${digits(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
  const hours = Math.round(seconds / 3600);
  return `${grouped(String(Math.floor(hours / 24)))} d ${two(hours % 24)} h`;
}

/** A count, `1,234,567`; a mean of counts has three significant digits. */
export function formatCount(value: number | null | undefined): string {
  if (!sensible(value)) return none;
  return Number.isInteger(value) ? grouped(String(value)) : digits(value);
}

/** A fraction as `98.7 %`. */
export const formatPercent = (fraction: number | null | undefined): string => {
  if (!sensible(fraction)) return none;
  const percent = fraction * 100;
  return `${grouped(percent.toFixed(Math.abs(percent) < 999.95 ? 1 : 0)).replace(/^-(?=0\.0$)/, '')} %`;
};

/** A ratio as `1.04`. */
export const formatRatio = (value: number | null | undefined): string =>
  sensible(value) ? grouped(value.toFixed(value < 1000 ? 2 : 0)) : none;

/** Seconds since 1970 as `2024-05-01 12:00:00 UTC`. */
export function formatTime(seconds: number | null | undefined): string {
  if (typeof seconds !== 'number' || !(Math.abs(seconds) < 8e12)) return none;
  return `${new Date(seconds * 1000).toISOString().slice(0, -5).replace('T', ' ')} UTC`;
}

/** `$0.42`; of less than a cent more digits. */
export const formatDollars = (dollars: number | null | undefined): string => {
  if (!sensible(dollars)) return none;
  return `$${grouped(dollars.toFixed(dollars > 0 && dollars < 0.01 ? 4 : 2))}`;
};

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** Bytes as `512 B`, `1.5 MiB`. */
export function formatBytes(value: number | null | undefined): string {
  if (!sensible(value)) return none;
  let [amount, unit] = [value, 0];
  for (; amount >= 1024 && unit < units.length - 1; unit++) amount /= 1024;
  return `${grouped(amount.toFixed(unit === 0 || amount >= 99.95 ? 0 : 1))} ${units[unit]}`;
}
