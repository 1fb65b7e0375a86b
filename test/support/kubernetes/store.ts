import { randomUUID } from 'node:crypto';
import { alreadyExists, conflict, notFound } from './failure.ts';
import { apiVersionOf, type Resource } from './resources.ts';
import { matches } from './selectors.ts';
import type { Thing } from './types.ts';

/** All objects of a cluster. Whoever watches is told, after the fact, that something changed. */
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

  /** @throws Failure 404 */
  get(resource: Resource, namespace: string | undefined, name: string): Thing {
    const found = this.find(resource, namespace, name);
    if (!found) throw notFound(resource, name);
    return found;
  }

  /** In the order of their names. */
  list(resource: Resource, namespace?: string, labelSelector = ''): Thing[] {
    const prefix = keyOf(resource, namespace, '');
    return [...this.#things.entries()]
      .filter(([key]) => key.startsWith(namespace === undefined ? `${resource.name}/` : prefix))
      .map(([, thing]) => thing)
      .filter(({ metadata }) => matches(labelSelector, metadata.labels ?? {}))
      .sort((one, other) => (one.metadata.name < other.metadata.name ? -1 : 1))
      .map((thing) => structuredClone(thing));
  }

  /** @throws Failure 409 */
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

  /** @throws Failure 404 when it is gone, 409 when it was read before somebody changed it */
  update(resource: Resource, thing: Thing): Thing {
    const { name, namespace, resourceVersion } = thing.metadata;
    const there = this.get(resource, namespace, name);
    if (resourceVersion !== undefined && resourceVersion !== there.metadata.resourceVersion)
      throw conflict(resource, name);
    const { uid, creationTimestamp } = there.metadata;
    return this.#put(resource, {
      ...structuredClone(thing),
      metadata: { ...structuredClone(thing.metadata), uid, creationTimestamp },
    });
  }

  /** Changes what is there now; what is gone stays gone. */
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

/** As the server writes times. */
export const now = (): string => new Date().toISOString().replace(/\.\d+Z$/, 'Z');

const keyOf = ({ name: resource }: Resource, namespace: string | undefined, name: string) =>
  `${resource}/${namespace ?? ''}/${name}`;
