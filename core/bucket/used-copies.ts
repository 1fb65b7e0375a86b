/** Copied data that is in use: of projects that a run or a schedule which is there has to read. */

import type { DataBucket } from '../config/config.ts';
import { copiedPlace } from './copied-data.ts';

/**
 * The project in whose copies a request's data is; undefined when it is elsewhere.
 * @param request as JSON, of whatever version
 * @param own the stack's bucket
 */
export function projectOfCopy(request: string, own: string): string | undefined {
  try {
    const place = Object(JSON.parse(request)?.config?.dataBucket);
    const isPlace = typeof place.bucket === 'string' && typeof place.prefix === 'string';
    return isPlace ? copiedPlace(place as DataBucket, own)?.project : undefined;
  } catch {
    return undefined;
  }
}
