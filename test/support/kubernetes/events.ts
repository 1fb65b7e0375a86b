import { randomBytes } from 'node:crypto';
import { resourceOf } from './resources.ts';
import { now, type Store } from './store.ts';
import type { Thing } from './types.ts';

/** Says of an object what happened to it; the same thing once. */
export function describeError(store: Store, of: Thing, reason: string, message: string): void {
  const { name, namespace, uid } = of.metadata;
  const events = store.list(resourceOf('events'), namespace);
  const said = events.some(
    (one) => (one.involvedObject as { uid?: string }).uid === uid && one.message === message,
  );
  if (said) return;
  store.create(resourceOf('events'), {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}.${randomBytes(6).toString('hex')}`, namespace },
    involvedObject: { apiVersion: of.apiVersion, kind: of.kind, name, namespace, uid },
    ...{ reason, message, type: 'Warning', firstTimestamp: now(), count: 1 },
  });
}
