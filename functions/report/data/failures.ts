/** Failed tasks, grouped by what went wrong. */

import { layout } from '../../../core/run-store/layout.ts';
import { jsonLines } from '../../../core/run-store/records/lines.ts';
import type { Failure } from '../../../core/run-store/records/records.ts';
import type { Store } from '../../../core/store.ts';

export interface FailureGroup {
  /** Of the group's first failure. */
  error: Pick<Failure['error'], 'class' | 'type' | 'message'>;
  count: number;
  /** The first failures of the group; traceback and output are cut. */
  examples: Failure[];
}

export interface Failures {
  /** Most frequent first. */
  groups: FailureGroup[];
  /** How many failures were read: the run may have more. */
  read: number;
}

const examplesPerGroup = 3;
/** Characters kept of a traceback and of an output: their ends, where the cause is. */
const longestText = 6000;

const tail = (text: string) =>
  text.length > longestText
    ? `… ${text.length - longestText} characters left out\n${text.slice(-longestText)}`
    : text;

/** Messages that differ in numbers alone (line 17, 0x7f31…) tell of the same mistake. */
const kindOf = ({ error }: Failure) =>
  [error.class, error.type, error.message.slice(0, 300).replaceAll(/0x[\da-f]+|\d+/gi, '#')].join('\0');

/** Reads `failures.jsonl` as a stream; keeps some examples of each group. */
export async function failures(store: Store): Promise<Failures> {
  const groups = new Map<string, FailureGroup>();
  let read = 0;
  for await (const failure of jsonLines<Failure>(store, layout.failures)) {
    read++;
    const kind = kindOf(failure);
    const { class: errorClass, type, message } = failure.error;
    const group = groups.get(kind) ?? { error: { class: errorClass, type, message }, count: 0, examples: [] };
    group.count++;
    if (group.examples.length < examplesPerGroup) group.examples.push(shortened(failure));
    groups.set(kind, group);
  }
  return { groups: [...groups.values()].sort((a, b) => b.count - a.count), read };
}

const shortened = (failure: Failure): Failure => ({
  ...failure,
  error: { ...failure.error, traceback: tail(failure.error.traceback) },
  output: tail(failure.output),
});
