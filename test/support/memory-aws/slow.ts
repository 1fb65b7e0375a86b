/** Things that take their time: each look at one brings it nearer to what it is becoming. */

export interface Slow<Status extends string> {
  status: Status;
  /** What it is becoming, and after how many more looks; null when nothing is under way. */
  becoming: { status: Status | 'gone'; looks: number } | null;
  /** Looks for which it is not seen yet, although it is there: eventual consistency. */
  unseen: number;
}

/**
 * Looks at one of the things.
 * @param lag whether this look is one that may miss what is new
 */
export function look<Key, Status extends string, Thing extends Slow<Status>>(
  things: Map<Key, Thing>,
  key: Key,
  lag = true,
): Thing | undefined {
  const thing = things.get(key);
  if (!thing) return undefined;
  if (lag && thing.unseen > 0) {
    thing.unseen--;
    return undefined;
  }
  const { becoming } = thing;
  if (becoming && becoming.looks-- <= 0) {
    thing.becoming = null;
    if (becoming.status !== 'gone') thing.status = becoming.status;
    else {
      things.delete(key);
      return undefined;
    }
  }
  return thing;
}
