/** Turns the schema's issues into messages for the author of the file. */
import { closest, distance } from 'fastest-levenshtein';
import type { $ZodIssue } from 'zod/v4/core';
import { configSchema, type RawConfig } from './schema/schema.ts';
import type { Mistake, Path, Tree } from './yaml-tree.ts';

/** Mistakes in the values: unknown keys, wrong types, values out of range, contradictions. */
export function valueMistakes(tree: Tree): { mistakes: Mistake[]; raw: RawConfig | undefined } {
  const checked = configSchema.safeParse(tree.value);
  const issues = checked.error?.issues ?? [];
  return {
    mistakes: [...issues.flatMap((issue) => explain(issue, tree)), ...contradictions(tree)],
    raw: checked.data,
  };
}

/** The allowed keys of a mapping, and its name in messages. */
export interface KnownKeys {
  keys: string[];
  of: string;
}

function keysOfConfig([first]: Path): KnownKeys {
  const { shape } = configSchema;
  return first === 'filename' || first === 'table'
    ? { keys: Object.keys(shape[first].unwrap().shape), of: first }
    : { keys: Object.keys(shape), of: 'config.yaml' };
}

/** Messages for one issue of the schema. */
export function explain(
  issue: $ZodIssue,
  tree: Tree,
  known: (path: Path) => KnownKeys = keysOfConfig,
): Mistake[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      offset: tree.offsetOf([...path, key], 'key'),
      message: unknownKey(path, key, known(path)),
    }));
  }
  if (issue.code === 'invalid_key') {
    const message = `${label(path.slice(0, -1))}: ${show(path.at(-1))} ${issue.issues[0]!.message}`;
    return [{ offset: tree.offsetOf(path, 'key'), message }];
  }
  const value = valueAt(tree.value, path);
  if (issue.code === 'invalid_union' && Array.isArray(value)) {
    // Report the issues of the list alternative, which are about items.
    const items = issue.errors.find((issues) => issues.every((inner) => inner.path.length > 0)) ?? [];
    if (items.length > 0)
      return items.flatMap((item) => explain({ ...item, path: [...path, ...item.path] }, tree, known));
  }
  const message =
    value === undefined
      ? `${label(path)} ${tree.has(path) ? 'has no value' : 'is missing'}: it ${issue.message}`
      : `${label(path)} ${issue.message}${issue.message.startsWith('must be') ? `, not ${show(value)}` : ''}`;
  return [{ offset: tree.offsetOf(path), message }];
}

function unknownKey(path: Path, key: string, { keys: known, of }: KnownKeys): string {
  const nested = path.length > 0;
  const plain = key.replaceAll(/[- ]|(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase();
  const nearest = key ? closest(plain, known) : '';
  const near = nearest && distance(plain, nearest) <= Math.max(2, Math.floor(nearest.length / 3));
  const advice = near
    ? `did you mean \`${nearest}\`?`
    : nested
      ? `its keys are ${known.join(', ')}`
      : 'remove it';
  return `${show(key).slice(1, -1)} is not a key of ${of}: ${advice}`;
}

/** Checked even if single values are wrong, so that one attempt shows all mistakes. */
function contradictions(tree: Tree): Mistake[] {
  const found: Mistake[] = [];
  const [old, correct] = [['acccepted_idle_time'], ['accepted_idle_time']].map((path) =>
    valueAt(tree.value, path),
  );
  if (old !== undefined && correct !== undefined && old !== correct) {
    found.push({
      offset: tree.offsetOf(['accepted_idle_time'], 'key'),
      message:
        'accepted_idle_time and acccepted_idle_time are the same key and have different values: remove one',
    });
  }
  if (['data_unsigned', 'data_requester_pays'].every((key) => valueAt(tree.value, [key]) === true))
    found.push({
      offset: tree.offsetOf(['data_unsigned'], 'key'),
      message:
        'data_unsigned and data_requester_pays exclude each other, since S3 must know who pays: remove one',
    });
  const users = new Map<string, string>();
  for (const [key, name] of fileNames(tree)) {
    const other = users.get(name.toLowerCase());
    users.set(name.toLowerCase(), key);
    if (!other) continue;
    const given = [key, other].find((one) => tree.has(['filename', one])) ?? key;
    found.push({
      offset: tree.offsetOf(['filename', given]),
      message: `filename.${other} and filename.${key} are both ${show(name)}: give each file its own name`,
    });
  }
  return found;
}

/** The names in use, including defaults, as far as they are texts. */
function fileNames(tree: Tree): [key: string, name: string][] {
  const { shape } = configSchema.shape.filename.unwrap();
  return Object.entries(shape).flatMap(([key, schema]) => {
    const name = valueAt(tree.value, ['filename', key]) ?? schema.def.defaultValue;
    return typeof name === 'string' ? [[key, name] as [string, string]] : [];
  });
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (parent, key) =>
      typeof parent === 'object' && parent !== null && Object.hasOwn(parent, key)
        ? (parent as Record<PropertyKey, unknown>)[key]
        : undefined,
    value,
  );
}

function label(path: Path): string {
  const [first, ...rest] = path;
  return rest.reduce<string>(
    (text, part) =>
      typeof part === 'number'
        ? `${text}, item ${part + 1},`
        : `${text}${text.endsWith(',') ? ' ' : '.'}${String(part)}`,
    String(first ?? 'config.yaml'),
  );
}

function show(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
