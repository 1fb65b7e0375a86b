/** The system's clock, as `ports/clock.ts` has it: seconds since 1970. */
export const systemClock = { now: (): number => Date.now() / 1000 };
