/** The types that the schema expects at a place, so that YAML values can be converted to them. */
import type { $ZodType, $ZodTypes } from 'zod/v4/core';

/** The types allowed at a place: empty when any is. */
export type Wanted = readonly $ZodTypes[];

/** The alternatives of a schema, without optional, default and nullable. */
export function wanted(schema: $ZodType | undefined): Wanted {
  if (!schema) return [];
  const { def } = (schema as $ZodTypes)._zod;
  switch (def.type) {
    case 'union':
      return def.options.flatMap(wanted);
    case 'optional':
    case 'default':
    case 'prefault':
    case 'nullable':
      return wanted(def.innerType);
    default:
      return [schema as $ZodTypes];
  }
}

/** Expected types of a key's value. */
export function wantedIn(types: Wanted, key: string): Wanted {
  return types.flatMap(({ _zod: { def } }) => {
    // hasOwn, since a key may be called valueOf.
    if (def.type === 'object') return Object.hasOwn(def.shape, key) ? wanted(def.shape[key]) : [];
    return def.type === 'record' ? wanted(def.valueType) : [];
  });
}

/** Expected types of a list's items. */
export function wantedInList(types: Wanted): Wanted {
  return types.flatMap(({ _zod: { def } }) => (def.type === 'array' ? wanted(def.element) : []));
}

/** Whether the mapping has fixed keys and this is one of them: then an empty value counts as not given. */
export function isKnownKey(types: Wanted, key: string): boolean {
  return types.some(({ _zod: { def } }) => def.type === 'object' && Object.hasOwn(def.shape, key));
}

const yes = /^(?:y|yes|true|on)$/i;
const no = /^(?:n|no|false|off)$/i;
const decimal = /^[-+]?(?:\d+\.?\d*|\.\d+)$/;

/**
 * Converts a scalar to the expected type: `yes` to true (YAML 1.1, which the predecessor read), "10" to a number, and
 * 3.10 and 007 to the text as written.
 */
export function scalarValue(value: unknown, source: string, types: Wanted): unknown {
  const wants = new Set<string>(types.map(({ _zod: { def } }) => def.type));
  if (value === null) return wants.has('string') ? '' : null;
  if (types.some(({ _zod: { def } }) => def.type === 'literal' && def.values.includes(value as never)))
    return value;
  if (wants.has('string') && !wants.has(typeof value)) return source;
  if (typeof value !== 'string' || wants.has('string')) return value;
  if (wants.has('number') && decimal.test(value)) return Number(value);
  if (wants.has('boolean') && yes.test(value)) return true;
  if (wants.has('boolean') && no.test(value)) return false;
  return value;
}
