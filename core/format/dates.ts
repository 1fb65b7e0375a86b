/** Moments as people and programs read them. They are seconds since 1970. */
import { formatCount, unknown } from './numbers.ts';

/** JavaScript knows no later date, in seconds. */
const latest = 8.64e12;

/** `2024-05-01 12:00:00 UTC` */
export function formatTime(at: number | null | undefined): string {
  if (typeof at !== 'number' || !(Math.abs(at) < latest)) return unknown;
  return `${new Date(at * 1000).toISOString().slice(0, -5).replace('T', ' ')} UTC`;
}

/** For JSON: `2026-11-22T18:23:26.000Z`. A damaged file's impossible date becomes the nearest possible one. */
export const isoTime = (at: number): string =>
  new Date(1000 * Math.max(-latest, Math.min(latest, at))).toISOString();

const [minute, hour, day] = [60, 3600, 86_400];

/** `just now`, `12 s ago`, `5 min ago`, `3 h ago`, `4 d ago`; the date after 30 days, or if the moment is in the future. */
export function formatAgo(at: number, now: number): string {
  const passed = now - at;
  if (passed < -minute || passed >= 30 * day) return formatTime(at);
  if (passed < 1) return 'just now';
  const [size, unit] =
    passed < minute
      ? [1, 's']
      : passed < hour
        ? [minute, 'min']
        : passed < 2 * day
          ? [hour, 'h']
          : [day, 'd'];
  return `${formatCount(Math.floor(passed / size))} ${unit} ago`;
}
