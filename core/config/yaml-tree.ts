/** Converts a YAML document to plain values, with the position of each. */
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  type ParsedNode,
  type YAMLMap,
} from 'yaml';
import type { $ZodType } from 'zod/v4/core';
import { isKnownKey, scalarValue, type Wanted, wanted, wantedIn, wantedInList } from './lenient-types.ts';

export type Path = readonly PropertyKey[];

/** A mistake at an offset in the file's text, in characters. */
export interface Mistake {
  offset: number;
  message: string;
}

export interface Tree {
  /** Undefined when the document is too large. */
  value: unknown;
  mistakes: Mistake[];
  /** Offset of a value, or of its key when requested or when there is no value; 0 for an unknown path. */
  offsetOf(path: Path, part?: 'key' | 'value'): number;
  /** Whether the file has the key, even without a value. */
  has(path: Path): boolean;
}

/** Guards against aliases that multiply each other and values that contain themselves. */
const limits = { references: 1000, nodes: 100_000, depth: 60 };
class TooLarge extends Error {}

/** Plain values of a document, converted to the types that the schema expects. Never throws. */
export function toTree(document: Document.Parsed, schema: $ZodType): Tree {
  const walk = new Walk(document);
  let value: unknown;
  try {
    value = walk.value(document.contents, [], wanted(schema));
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error;
    walk.mistakes.push({
      offset: walk.offset,
      message: 'values are nested too deeply here, or there are too many of them, perhaps by aliases (&, *)',
    });
  }
  const place = (path: Path) => walk.places.get(placeKey(path));
  return {
    value,
    mistakes: walk.mistakes,
    offsetOf: (path, part = 'value') => place(path)?.[part] ?? 0,
    has: (path) => place(path) !== undefined,
  };
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const placeKey = (path: Path) => JSON.stringify(path);

class Walk {
  readonly mistakes: Mistake[] = [];
  readonly places = new Map<string, { key: number; value: number }>();
  readonly #document: Document.Parsed;
  #references = 0;
  #nodes = 0;
  #depth = 0;
  /** Of the current alias or value. */
  offset = 0;

  constructor(document: Document.Parsed) {
    this.#document = document;
  }

  value(node: ParsedNode | null, path: Path, types: Wanted): unknown {
    if (node) this.offset = node.range[0];
    if (++this.#depth > limits.depth || ++this.#nodes > limits.nodes) throw new TooLarge();
    const value = this.#valueOf(node, path, types);
    this.#depth--;
    return value;
  }

  #valueOf(node: ParsedNode | null, path: Path, types: Wanted): unknown {
    if (!node) return scalarValue(null, '', types);
    if (isAlias(node)) {
      const target = this.#target(node);
      if (target) return this.value(target, path, types);
      this.#mistake(node, `*${node.source} is an alias in YAML: write it in quotes, "*${node.source}"`);
      return `*${node.source}`;
    }
    if (isMap(node)) return this.#mapping(node, path, types);
    if (isSeq(node)) {
      const items = node.items as ParsedNode[];
      return items.map((item, index) => this.#placed(item, item, [...path, index], wantedInList(types)));
    }
    const value = scalarValue(node.value, node.source, types);
    if (typeof value === 'number' && !Number.isFinite(value)) {
      this.#mistake(node, `${node.source} is not a finite number`);
    }
    return value;
  }

  #mapping(map: YAMLMap, path: Path, types: Wanted): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    const seen = new Set<string>();
    const merged: Record<string, unknown>[] = [];
    for (const pair of map.items as Pair<ParsedNode, ParsedNode | null>[]) {
      const key = this.#key(pair.key);
      if (key === null) continue;
      if (key === '<<') {
        merged.push(...this.#merged(pair.value ?? pair.key, path, types));
        continue;
      }
      if (seen.has(key)) {
        this.#mistake(pair.key, `${JSON.stringify(key).slice(1, -1)} is given twice: remove one`);
        continue;
      }
      seen.add(key);
      const value = this.#placed(pair.key, pair.value, [...path, key], wantedIn(types, key));
      const empty = value === null || value === '';
      if (!(empty && isKnownKey(types, key))) result[key] = value;
    }
    // The mapping's own keys override merged ones, and earlier merges override later ones.
    return Object.assign({}, ...merged.reverse(), result);
  }

  #key(node: ParsedNode): string | null {
    const target = isAlias(node) ? this.#target(node) : node;
    if (isScalar(target)) {
      const key = typeof target.value === 'string' ? target.value : target.source;
      if (key !== '__proto__') return key;
    }
    this.#mistake(node, 'not a valid key: a key is a plain name');
    return null;
  }

  #merged(given: ParsedNode, path: Path, types: Wanted): Record<string, unknown>[] {
    const node = (isAlias(given) && this.#target(given)) || given;
    const parts = (isSeq(node) ? (node.items as ParsedNode[]) : [node]).map((part) =>
      this.value(part, path, types),
    );
    if (parts.every(isMapping)) return parts;
    this.#mistake(given, '<< merges a mapping: give an alias of one, such as *defaults');
    return [];
  }

  #target(alias: Alias.Parsed): ParsedNode | undefined {
    if (++this.#references > limits.references) throw new TooLarge();
    return alias.resolve(this.#document) as ParsedNode | undefined;
  }

  #placed(key: ParsedNode, node: ParsedNode | null, path: Path, types: Wanted): unknown {
    const offset = key.range[0];
    const value = node && node.range[1] > node.range[0] ? node.range[0] : offset;
    this.places.set(placeKey(path), { key: offset, value });
    return this.value(node, path, types);
  }

  #mistake(node: ParsedNode, message: string): void {
    this.mistakes.push({ offset: node.range[0], message });
  }
}
