interface Page<Item> {
  items: Item[];
  metadata?: { _continue?: string };
}

const pageSize = 500;

/** All items of a list that comes in pages. */
export async function allOf<Item>(
  list: (page: { limit: number; _continue?: string }) => Promise<Page<Item>>,
): Promise<Item[]> {
  const items: Item[] = [];
  let _continue: string | undefined;
  do {
    const page = await list({ limit: pageSize, ...(_continue && { _continue }) });
    items.push(...page.items);
    _continue = page.metadata?._continue;
  } while (_continue);
  return items;
}
