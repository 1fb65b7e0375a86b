/** Checks the fields of a pod before the API server does: the message then names the line in config.yaml. */
import schema from './pod-schema.json' with { type: 'json' };

/** Types by name, each with its fields and their types. Made by scripts/pod-schema.ts. */
const types: Record<string, Record<string, string>> = schema;
const scalars: Record<string, string> = { string: 'a text', number: 'a number', boolean: 'true or false' };

/** A mistake in `pod`, and its place. */
export interface PodFault {
  path: (string | number)[];
  message: string;
}

/**
 * Returns each unknown field and each value of a wrong type.
 * @param type a type of the schema, `Array<type>`, or `{ [key: string]: type; }`
 * @param path where the value stands
 */
export function schemaFaults(value: unknown, type: string, path: PodFault['path']): PodFault[] {
  if (value === undefined || value === null || type === 'any') return [];
  const fault = (message: string, at = path): PodFault[] => [{ path: at, message }];
  const itemType = /^Array<(.+)>$/.exec(type)?.[1];
  if (itemType !== undefined) {
    if (!Array.isArray(value)) return fault('must be a list');
    return value.flatMap((item, index) => {
      const at = [...path, index];
      return item === null ? fault('must not be empty', at) : schemaFaults(item, itemType, at);
    });
  }
  const valueType = /^\{ \[key: string\]: (.+); \}$/.exec(type)?.[1];
  const fields = types[type];
  if (valueType !== undefined || fields !== undefined) {
    if (typeof value !== 'object' || Array.isArray(value)) return fault('must be a mapping');
    return Object.entries(value).flatMap(([key, inner]) => {
      const at = [...path, key];
      const innerType = valueType ?? (fields && Object.hasOwn(fields, key) ? fields[key] : undefined);
      return innerType === undefined ? fault('unknown field', at) : schemaFaults(inner, innerType, at);
    });
  }
  const scalar = scalars[type];
  return scalar === undefined || typeof value === type ? [] : fault(`must be ${scalar}`);
}
