/** Looks again and again, as a state machine does. */

/** @param pause seconds between two looks; none in memory */
export async function until<Seen>(
  look: () => Promise<Seen>,
  isIt: (seen: Seen) => boolean,
  { looks = 60, pause = 0 } = {},
): Promise<Seen> {
  let seen = await look();
  for (let count = 0; count < looks && !isIt(seen); count++) {
    await new Promise((resolve) => setTimeout(resolve, pause * 1000));
    seen = await look();
  }
  if (!isIt(seen)) throw new Error(`after ${looks} looks: ${JSON.stringify(seen)}`);
  return seen;
}
