/** What a place in the file wants, read off the schema, so that values can be read kindly. */
import type { $ZodType, $ZodTypes } from 'zod/v4/core';

/** The types that may stand at a place: none when anything may. */
export type Wanted = readonly $ZodTypes[];

/** The alternatives of a schema, without its wrappers. */
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

/** What the value of a key of a mapping wants. */
export function wantedIn(types: Wanted, key: string): Wanted {
  return types.flatMap(({ _zod: { def } }) => {
    // Own, since a key may be called valueOf.
    if (def.type === 'object') return Object.hasOwn(def.shape, key) ? wanted(def.shape[key]) : [];
    return def.type === 'record' ? wanted(def.valueType) : [];
  });
}

/** What the items of a list want. */
export function wantedInList(types: Wanted): Wanted {
  return types.flatMap(({ _zod: { def } }) => (def.type === 'array' ? wanted(def.element) : []));
}

/** Whether a mapping's keys are fixed and the key is one of them: then an empty value counts as none. */
export function isKnownKey(types: Wanted, key: string): boolean {
  return types.some(({ _zod: { def } }) => def.type === 'object' && Object.hasOwn(def.shape, key));
}

const yes = /^(?:y|yes|true|on)$/i;
const no = /^(?:n|no|false|off)$/i;
const decimal = /^[-+]?(?:\d+\.?\d*|\.\d+)$/;

/**
 * The value of a scalar as it was meant: `yes` where true or false is wanted (as in YAML 1.1, which the predecessor
 * read), "10" where a number is wanted, and the very characters (3.10, 007) where a text is wanted.
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
