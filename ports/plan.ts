/** What planning found: `plan.json`. */
export interface Plan {
  files: number;
  tasks: number;
  batches: number;
  /** Tables in which no column matches, or that could not be read: how many, and the first of them. */
  skipped: { count: number; first: SkippedFile[] };
}

export interface SkippedFile {
  file: string;
  why: string;
}
