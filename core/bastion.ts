/** The bastion: the EC2 instance from which somebody debugs a cluster. */

/** Small, since it only relays SSH; it runs only while somebody debugs. */
export const bastionMachine = { instanceType: 't3.micro', diskGiB: 8 } as const;

/** Seconds that a debug session lasts by default. */
export const defaultDebugSeconds = 2 * 3600;

/** Whether a debug session keeps it running. @param now seconds since 1970 */
export const isDebugged = ({ debuggedUntil }: { debuggedUntil: number | null }, now: number): boolean =>
  debuggedUntil !== null && debuggedUntil > now;
