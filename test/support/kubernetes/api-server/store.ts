import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Thing } from '../types.ts';
import { apiVersionOf, type Resource } from './resources.ts';
import { alreadyExists, badRequest, conflict, notFound } from './status-error.ts';

/** All objects of a cluster. Watchers are called after each change. */
export class Store {
  readonly #things = new Map<string, Thing>();
  readonly #watchers: (() => void)[] = [];
  #version = 0;

  onChange(watcher: () => void): void {
    this.#watchers.push(watcher);
  }

  /** Its current `resourceVersion`. */
  get version(): string {
    return String(this.#version);
  }

  find(resource: Resource, namespace: string | undefined, name: string): Thing | undefined {
    const found = this.#things.get(keyOf(resource, namespace, name));
    return found && structuredClone(found);
  }

  /** @throws StatusError 404 */
  get(resource: Resource, namespace: string | undefined, name: string): Thing {
    const found = this.find(resource, namespace, name);
    if (!found) throw notFound(resource, name);
    return found;
  }

  /** Sorted by name. */
  list(resource: Resource, namespace?: string, labelSelector = ''): Thing[] {
    const prefix = keyOf(resource, namespace, '');
    return [...this.#things.entries()]
      .filter(([key]) => key.startsWith(namespace === undefined ? `${resource.name}/` : prefix))
      .map(([, thing]) => thing)
      .filter(({ metadata }) => matches(labelSelector, metadata.labels ?? {}))
      .sort((one, other) => (one.metadata.name < other.metadata.name ? -1 : 1))
      .map((thing) => structuredClone(thing));
  }

  /** @throws StatusError 409 */
  create(resource: Resource, thing: Thing): Thing {
    const { name, namespace } = thing.metadata;
    const there = this.find(resource, namespace, name);
    if (there) throw alreadyExists(resource, name, there.metadata.deletionTimestamp !== undefined);
    const made = structuredClone(thing);
    made.apiVersion = apiVersionOf(resource);
    made.kind = resource.kind;
    made.metadata.uid = randomUUID();
    made.metadata.creationTimestamp = now();
    made.metadata.generation = 1;
    return this.#put(resource, made);
  }

  /** @throws StatusError 404 when it does not exist, 409 when it has changed since it was read */
  update(resource: Resource, thing: Thing): Thing {
    const { name, namespace, resourceVersion } = thing.metadata;
    const there = this.get(resource, namespace, name);
    if (resourceVersion !== undefined && resourceVersion !== there.metadata.resourceVersion)
      throw conflict(resource, name);
    const { uid, creationTimestamp } = there.metadata;
    const { resourceVersion: version } = there.metadata;
    const updated = structuredClone({
      ...thing,
      metadata: { ...thing.metadata, uid, creationTimestamp, resourceVersion: version },
    });
    // An update that changes nothing creates no version.
    return isDeepStrictEqual(updated, there) ? there : this.#put(resource, updated);
  }

  /** Changes the current state of an object, unless it was deleted or recreated. */
  change<Kind extends Thing>(resource: Resource, { metadata }: Thing, change: (thing: Kind) => void): void {
    const there = this.find(resource, metadata.namespace, metadata.name);
    if (!there || there.metadata.uid !== metadata.uid) return;
    const before = JSON.stringify(there);
    change(there as Kind);
    if (JSON.stringify(there) !== before) this.#put(resource, there);
  }

  remove(resource: Resource, { metadata }: Thing): void {
    if (this.#things.delete(keyOf(resource, metadata.namespace, metadata.name))) this.#changed();
  }

  #put(resource: Resource, thing: Thing): Thing {
    thing.metadata.resourceVersion = String(this.#version + 1);
    this.#things.set(keyOf(resource, thing.metadata.namespace, thing.metadata.name), thing);
    this.#changed();
    return structuredClone(thing);
  }

  #changed(): void {
    this.#version++;
    for (const watcher of this.#watchers) watcher();
  }
}

/** The current time as the server writes it. */
export const now = (): string => new Date().toISOString().replace(/\.\d+Z$/, 'Z');

const keyOf = ({ name: resource }: Resource, namespace: string | undefined, name: string) =>
  `${resource}/${namespace ?? ''}/${name}`;

/**
 * Whether labels match a selector: `a=b`, `a!=b`, `a`, `!a`, separated by commas.
 * @throws StatusError 400 for other selectors
 */
function matches(selector: string, labels: Record<string, string>): boolean {
  return selector
    .split(',')
    .map((term) => term.trim())
    .filter(Boolean)
    .every((term) => {
      const found = /^(!?)([A-Za-z0-9._/-]+)(?:(==?|!=)([A-Za-z0-9._-]*))?$/.exec(term);
      if (!found) throw badRequest(`unable to parse requirement: ${term}`);
      const [, not, name = '', operator, value] = found;
      const has = labels[name];
      if (operator === undefined) return (has === undefined) === (not === '!');
      return (has === value) !== (operator === '!=');
    });
}
