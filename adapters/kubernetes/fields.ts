/** Which fields the objects of Kubernetes have: the client's models know, and drop what they do not know. */

interface Attribute {
  baseName: string;
  type: string;
}

/** The client library, as a table of its models. */
export type Models = Record<string, unknown>;

/**
 * The mistakes in a value that is to be of a model: a line each, such as `spec.nodeselector: there is no such field`.
 * @param path where the value stands
 */
export function mistakesIn(value: unknown, type: string, models: Models, path = ''): string[] {
  if (value === undefined || value === null || type === 'any') return [];
  const here = path || type;
  const list = /^Array<(.+)>$/.exec(type)?.[1];
  if (list !== undefined)
    return Array.isArray(value)
      ? value.flatMap((item, index) =>
          item === null
            ? [`${path}[${index}]: must not be empty`]
            : mistakesIn(item, list, models, `${path}[${index}]`),
        )
      : [`${here}: must be a list`];
  const map = /^\{ \[key: string\]: (.+); \}$/.exec(type)?.[1];
  const attributes = attributesOf(type, models);
  if (map !== undefined || attributes !== undefined) {
    if (typeof value !== 'object' || Array.isArray(value)) return [`${here}: must be a mapping`];
    return Object.entries(value).flatMap(([key, inner]) => {
      const at = path === '' ? key : `${path}.${key}`;
      const of = map ?? attributes?.find(({ baseName }) => baseName === key)?.type;
      return of === undefined ? [`${at}: there is no such field`] : mistakesIn(inner, of, models, at);
    });
  }
  const is = typeof value;
  const wanted = { string: 'a text', number: 'a number', boolean: 'true or false' }[type];
  return wanted === undefined || is === type ? [] : [`${here}: must be ${wanted}`];
}

function attributesOf(type: string, models: Models): Attribute[] | undefined {
  const model = models[type] as { getAttributeTypeMap?: () => Attribute[] } | undefined;
  return model?.getAttributeTypeMap?.();
}
