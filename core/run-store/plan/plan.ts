import type { TableLayout } from './table-layout.ts';

/** What planning found: `plan.json`. */
export interface Plan {
  files: number;
  tasks: number;
  batches: number;
  /** Tables in which no column matches, or that could not be read: how many, and the first of them. All are in `skipped.jsonl`. */
  skipped: { count: number; first: SkippedFile[] };
  /** Kinds of files, the most frequent first: where their names are. Absent in plans of older versions, as what follows. */
  kinds?: { count: number; first: FileKind[] };
  /** What is to be known of names: how many files, and the first of them. */
  notes?: { count: number; first: { file: string; note: string }[] };
  /** Of several keywords those that match nothing in any file. */
  unused?: UnusedKeyword[];
  /** Keywords that are a column's name in some files, and an expression in others. */
  mixed?: MixedKeyword[];
  /** Hidden and system files that were passed over. */
  hidden?: FewFiles;
  /** Files that would match but for capital and small letters. */
  otherCase?: FewFiles;
  expected: ExpectedWork;
}

/** Files whose names are in the same place. */
export interface FileKind {
  files: number;
  tasks: number;
  /** Key of the first one. */
  first: string;
  /** Null: it is no table, or taken as a whole. */
  table: { layout: TableLayout; why: string; names: string[] } | null;
}

export interface UnusedKeyword {
  keyword: string;
  /** The expression that would find it as it stands, where that is another. */
  literally?: string;
}

export interface MixedKeyword {
  keyword: string;
  /** The expression that finds the name alone. */
  literally: string;
  /** Files in which it is a name; in which it is none, and found columns as an expression; and the first of these. */
  names: number;
  expressions: number;
  first: string;
}

/** How many, and the first of them. */
export interface FewFiles {
  count: number;
  first: string[];
}

/** A line of `skipped.jsonl`. */
export interface SkippedFile {
  file: string;
  why: string;
}

/** How the work is expected to be spread over the tasks. */
export interface ExpectedWork {
  /** Sum of all tasks' expected durations; null when no earlier run tells, so that only file sizes are known. */
  seconds: number | null;
  /** The longest task's expected duration; null as above. */
  longest: number | null;
  /**
   * Share of the work that is done, by share of tasks done in the order in which they are handed out: element k of
   * n + 1 is for k / n of the tasks. Begins with 0, ends with 1.
   */
  curve: number[];
}
