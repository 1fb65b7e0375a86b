/** The end of a lease, as a tag holds it: in words of ISO 8601, for whoever looks in the console. */

/** @param seconds since 1970 */
export const leaseText = (seconds: number): string =>
  new Date(Math.floor(seconds) * 1000).toISOString().replace('.000Z', 'Z');

/** @returns seconds since 1970; undefined for what is no time */
export function secondsOfLease(text: string | undefined): number | undefined {
  const milliseconds = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text ?? '') ? Date.parse(text ?? '') : Number.NaN;
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}
