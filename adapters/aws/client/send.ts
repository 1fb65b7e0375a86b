/**
 * The one way to send requests to AWS: errors are those of core/errors, with what the user must do.
 *
 *     await send(context, client.send(new PutObjectCommand(…)))
 *     await send(context, collect(paginateListClusters(…), ({ clusters }) => clusters))
 */
import { type Condition, meets } from './error-codes.ts';
import { errorFor, type RequestContext } from './errors.ts';

/** @throws what `errorFor` makes of the SDK's error */
export async function send<Answer>(context: RequestContext, request: Promise<Answer>): Promise<Answer> {
  try {
    return await request;
  } catch (error) {
    throw errorFor(error, context);
  }
}

/**
 * The same, but undefined when the request meets one of these conditions.
 * @param conditions `not-found` when none is given
 */
export async function sendOptional<Answer>(
  context: RequestContext,
  request: Promise<Answer>,
  ...conditions: Condition[]
): Promise<Answer | undefined> {
  try {
    return await request;
  } catch (error) {
    const accepted: Condition[] = conditions.length > 0 ? conditions : ['not-found'];
    if (accepted.some((condition) => meets(error, context.action, condition))) return undefined;
    throw errorFor(error, context);
  }
}

/** Gathers the items of all pages of a paginator of the SDK. */
export async function collect<Page, Item>(
  pages: AsyncIterable<Page>,
  itemsOf: (page: Page) => Item[] | undefined,
): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of pages) items.push(...(itemsOf(page) ?? []));
  return items;
}
