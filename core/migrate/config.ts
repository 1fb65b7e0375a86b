/** Migrates config.yaml of the predecessor: removes and renames keys. The rest of the file stays as it is, byte for byte. */
import { isMap, isScalar, type Pair, type ParsedNode, parseDocument } from 'yaml';

export interface Migrated {
  text: string;
  /** A line for each change, with its reason; empty when nothing changes. */
  changes: string[];
}

/** Obsolete keys, each with its replacement. */
const obsolete: Record<string, (value: unknown) => string> = {
  interval_of_checking_sqs: () => 'results arrive without polling',
  interval_of_wait_pod_ready: () => 'nodes and workers are polled at fixed intervals',
  is_celeryflower_on: () => 'Celery is not used any more',
  num_worker_pods_per_namespace: () => 'there is one namespace; see workers_per_node',
  repeat_number_per_round: (value) =>
    `repeat a run with gcd-sfn start --repeat ${Number(value) > 1 ? value : 'N'}`,
};

const renamed: Record<string, string> = { acccepted_idle_time: 'accepted_idle_time' };

const schemaLine = /^#\s*yaml-language-server:/m;

/**
 * @param schema URL of the JSON Schema, for the line with which editors find it
 * @returns undefined when the file is not a YAML mapping: its mistakes must be fixed first
 */
export function migrateConfig(source: string, schema: string): Migrated | undefined {
  const document = parseDocument(source, { uniqueKeys: false });
  const { contents } = document;
  if (document.errors.length > 0 || !isMap(contents) || contents.flow) return undefined;
  const edits: Edit[] = [];
  const changes: string[] = [];
  const keys = contents.items.map(nameOf);
  for (const pair of contents.items as Pair<ParsedNode, ParsedNode | null>[]) {
    const key = nameOf(pair);
    const [start, end] = pair.key.range;
    const target = Object.hasOwn(renamed, key) ? renamed[key]! : undefined;
    if (Object.hasOwn(obsolete, key)) {
      // Another value may refer to an anchor in it.
      if (/(^|\s)&\w/.test(source.slice(start, pair.value?.range[1]))) continue;
      edits.push({ ...lines(source, start, pair.value?.range[1] ?? end), text: '' });
      changes.push(
        `${key} is removed: ${obsolete[key]!(isScalar(pair.value) ? pair.value.value : undefined)}`,
      );
    } else if (target && !keys.includes(target)) {
      edits.push({ start, end, text: target });
      changes.push(`${key} is renamed to ${target}`);
    }
  }
  if (changes.length === 0) return { text: source, changes };
  const text = edits.reduceRight(
    (all, { start, end, text }) => all.slice(0, start) + text + all.slice(end),
    source,
  );
  if (schemaLine.test(source)) return { text, changes };
  const [mark = '', newline = '\n'] = [/^\uFEFF/.exec(text)?.[0], /\r?\n/.exec(text)?.[0]];
  return {
    text: `${mark}# yaml-language-server: $schema=${schema}${newline}${newline}${text.slice(mark.length).replace(/^(\r?\n)+/, '')}`,
    changes: [...changes, 'the first line lets editors complete and check the file'],
  };
}

interface Edit {
  start: number;
  end: number;
  text: string;
}

/** The lines of a key and its value, including the comment after it and the line break. */
function lines(source: string, from: number, to: number): { start: number; end: number } {
  const start = source.lastIndexOf('\n', from - 1) + 1;
  // The range of a block scalar includes its line break.
  const last = source[to - 1] === '\n' ? to - 1 : to;
  const end = source.indexOf('\n', last);
  return { start, end: end < 0 ? source.length : end + 1 };
}

const nameOf = ({ key }: { key: unknown }): string => (isScalar(key) ? String(key.value) : '');
