/** How the inventory lists and deletes one kind of resource. */
import type { ResourceState } from '../../../core/resources.ts';
import type { Resource } from '../../../ports/account/inventory.ts';
import type { RequestContext } from '../client/errors.ts';
import { collect, sendOptional } from '../client/send.ts';

/** A cluster of the stack. */
export interface OurCluster {
  name: string;
  since: number | null;
}

export interface ResourceHandler {
  /** @param clusters the stack's */
  list(clusters: OurCluster[]): Promise<Resource[]>;
  state(resource: Resource): Promise<ResourceState>;
  /** Starts deletion. Idempotent; not-found and in-use are ignored, the caller retries. */
  remove(resource: Resource): Promise<void>;
}

/** For a stack without that in which such resources would be. */
export const noResources: ResourceHandler = {
  list: async () => [],
  state: async () => 'deleted',
  remove: async () => {},
};

/** The items of all pages; none when that in which they would be does not exist. */
export async function listAll<Page, Item>(
  context: RequestContext,
  pages: AsyncIterable<Page>,
  itemsOf: (page: Page) => Item[] | undefined,
): Promise<Item[]> {
  const items = collect(pages, itemsOf);
  return (await sendOptional(context, items, 'not-found', 'parent-not-found')) ?? [];
}

/** @returns undefined when it does not exist */
export const find = <Answer>(
  context: RequestContext,
  request: Promise<Answer>,
): Promise<Answer | undefined> => sendOptional(context, request, 'not-found', 'parent-not-found');

/** Starts a deletion; see `remove`. */
export async function startDeletion(context: RequestContext, request: Promise<unknown>): Promise<void> {
  await sendOptional(context, request, 'not-found', 'parent-not-found', 'in-use');
}
