<<<<<<< HEAD

/** Expected types of a position in the file, from the schema, for a lenient conversion of values. */
import type { $ZodType, $ZodTypes } from 'zod/v4/core';

/** Allowed types at a position; empty if any type is allowed. */
export type Expected = readonly $ZodTypes[];

/** The alternatives of a schema, without wrappers such as `optional`. */
export function expectedTypes(schema: $ZodType | undefined): Expected {
=======
/** The types that the schema expects at a place, so that YAML values can be converted to them. */
import type { $ZodType, $ZodTypes } from 'zod/v4/core';

/** The types allowed at a place: empty when any is. */
export type Wanted = readonly $ZodTypes[];

/** The alternatives of a schema, without optional, default and nullable. */
export function wanted(schema: $ZodType | undefined): Wanted {
>>>>>>> integration
  if (!schema) return [];
  const { def } = (schema as $ZodTypes)._zod;
  switch (def.type) {
    case 'union':
      return def.options.flatMap(expectedTypes);
    case 'optional':
    case 'default':
    case 'prefault':
    case 'nullable':
      return expectedTypes(def.innerType);
    default:
      return [schema as $ZodTypes];
  }
}

<<<<<<< HEAD
/** Expected types of the value of a key. */
export function expectedOfKey(types: Expected, key: string): Expected {
  return types.flatMap(({ _zod: { def } }) => {
    // Own, since a key may be called valueOf.
    if (def.type === 'object') return Object.hasOwn(def.shape, key) ? expectedTypes(def.shape[key]) : [];
    return def.type === 'record' ? expectedTypes(def.valueType) : [];
  });
}

/** Expected types of the items of a list. */
export function expectedOfItems(types: Expected): Expected {
  return types.flatMap(({ _zod: { def } }) => (def.type === 'array' ? expectedTypes(def.element) : []));
}

/** Whether a mapping has fixed keys and this is one of them: then an empty value counts as not set. */
export function isKnownKey(types: Expected, key: string): boolean {
=======
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
>>>>>>> integration
  return types.some(({ _zod: { def } }) => def.type === 'object' && Object.hasOwn(def.shape, key));
}

const yes = /^(?:y|yes|true|on)$/i;
const no = /^(?:n|no|false|off)$/i;
const decimal = /^[-+]?(?:\d+\.?\d*|\.\d+)$/;

/**
<<<<<<< HEAD
 * Converts a scalar to the expected type: `yes` to true (as in YAML 1.1, which the predecessor used), "10" to a number, and
 * a number to its source text (3.10, 007) if text is expected.
=======
 * Converts a scalar to the expected type: `yes` to true (YAML 1.1, which the predecessor read), "10" to a number, and
 * 3.10 and 007 to the text as written.
>>>>>>> integration
 */
export function scalarValue(value: unknown, source: string, types: Expected): unknown {
  const expected = new Set<string>(types.map(({ _zod: { def } }) => def.type));
  if (value === null) return expected.has('string') ? '' : null;
  if (types.some(({ _zod: { def } }) => def.type === 'literal' && def.values.includes(value as never)))
    return value;
  if (expected.has('string') && !expected.has(typeof value)) return source;
  if (typeof value !== 'string' || expected.has('string')) return value;
  if (expected.has('number') && decimal.test(value)) return Number(value);
  if (expected.has('boolean') && yes.test(value)) return true;
  if (expected.has('boolean') && no.test(value)) return false;
  return value;
}
