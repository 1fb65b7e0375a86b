import type { TableLayout } from './table-layout.ts';

/** Result of planning: `plan.json`. */
export interface Plan {
  files: number;
  tasks: number;
  batches: number;
  /** Tables without a matching column, or that could not be read: number, and the first of them. All are in `skipped.jsonl`. */
  skipped: { count: number; first: SkippedFile[] };
  /** Kinds of files, the most frequent first. This and the following keys are absent in plans of older versions. */
  kinds?: { count: number; first: FileKind[] };
  /** Notes on column names: number of files, and the first of them. */
  notes?: { count: number; first: { file: string; note: string }[] };
  /** If there are several keywords: those that match nothing in any file. */
  unused?: UnusedKeyword[];
  /** Keywords that are a column name in some files, and a regular expression in others. */
  mixed?: MixedKeyword[];
  /** Hidden and system files, which are ignored. */
  hidden?: FewFiles;
  /** Files that would match if letter case were ignored. */
  otherCase?: FewFiles;
  expected: ExpectedWork;
}

/** Files whose column names are in the same place. */
export interface FileKind {
  files: number;
  tasks: number;
  /** Key of the first one. */
  first: string;
  /** Null: no table, or processed without columns. */
  table: { layout: TableLayout; why: string; names: string[] } | null;
}

export interface UnusedKeyword {
  keyword: string;
  /** The regular expression that matches it literally, if it differs. */
  literally?: string;
}

export interface MixedKeyword {
  keyword: string;
  /** The regular expression that matches the name alone. */
  literally: string;
  /** Number of files in which it is a name; in which it matched as an expression; and the first of the latter. */
  names: number;
  expressions: number;
  first: string;
}

/** Number of files, and the first of them. */
export interface FewFiles {
  count: number;
  first: string[];
}

/** A line of `skipped.jsonl`. */
export interface SkippedFile {
  file: string;
  why: string;
}

/** Expected distribution of the work over the tasks. */
export interface ExpectedWork {
  /** Sum of all expected durations; null without an earlier run, when only file sizes are known. */
  seconds: number | null;
  /** Maximum expected duration; null as above. */
  longest: number | null;
  /**
   * Share of the work done, by share of tasks done in dispatch order: element k of n + 1 is for k / n of the tasks.
   * Starts with 0, ends with 1.
   */
  curve: number[];
}
