/** One kind of things of the inventory. */
import type { Resource } from '../../../ports/account/inventory.ts';
import { type Asked, translated } from '../client/errors.ts';

export type State = 'there' | 'going' | 'gone';

/** A cluster that is the stack's. */
export interface OurCluster {
  name: string;
  since: number | null;
}

export interface Part {
  /** @param clusters those of the stack that are there */
  list(clusters: OurCluster[]): Promise<Resource[]>;
  state(resource: Resource): Promise<State>;
  /** Begins to remove it. What is gone is no error, nor what is still in use: whoever asks again meets the end of that. */
  remove(resource: Resource): Promise<void>;
}

/** A part that cannot be there, because the stack does not have what it would be in. */
export const noPart: Part = { list: async () => [], state: async () => 'gone', remove: async () => {} };

const absent =
  /NotFound(Exception|Fault)?$|^NoSuch\w+$|NonExistentQueue$|^QueueDoesNotExist$|^InvalidLaunchTemplate(Id|Name)\.NotFound\w*$/;
const busy =
  /^(DependencyViolation|ResourceInUse\w*|Invalid\w+\.InUse|QueueDeletedRecently|OperationAborted\w*)$/;

export const nameOf = (error: unknown): string => (error as { name?: string })?.name ?? '';

/** Asks for something; undefined when it is not there. @throws errors of ours */
export async function ask<Answer>(asked: Asked, send: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await send();
  } catch (error) {
    if (absent.test(nameOf(error))) return undefined;
    throw translated(error, asked);
  }
}

/** Asks for a removal. */
export async function askGone(asked: Asked, send: () => Promise<unknown>): Promise<void> {
  await ask(asked, async () => {
    try {
      await send();
    } catch (error) {
      if (!busy.test(nameOf(error))) throw error;
    }
  });
}

/** Gathers the pages of a listing; one that is not there has none. */
export async function pages<Page, Item>(
  asked: Asked,
  get: (token: string | undefined) => Promise<Page>,
  of: (page: Page) => { items: Item[] | undefined; next: string | undefined },
): Promise<Item[]> {
  const all: Item[] = [];
  for (let token: string | undefined; ; ) {
    const page = await ask(asked, () => get(token));
    if (!page) return all;
    const { items, next } = of(page);
    all.push(...(items ?? []));
    if (!next) return all;
    token = next;
  }
}

export const seconds = (date: Date | undefined): number | null => (date ? date.getTime() / 1000 : null);

type Tags = Record<string, string | undefined>;

export const clusterTag = 'gcd-sfn:cluster';
const stackTag = 'gcd-sfn:stack';

/** Whether tags say that something is the stack's; what names no stack is of the only one. */
export const isOurs = (tags: Tags, stack: string): boolean =>
  tags.managedBy === 'gcd-sfn' && (tags[stackTag] ?? stack) === stack;

/** Tags as EC2 gives them. */
export const tagsOf = (tags: { Key?: string; Value?: string }[] = []): Tags =>
  Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
