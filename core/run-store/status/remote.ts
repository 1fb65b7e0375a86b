/** What a project's folder knows of a run on AWS: where it is, and how it was when somebody looked last. */

export interface Remote {
  stack: string;
  region: string;
  bucket: string;
  cluster: string;
  seen: Seen | null;
}

export interface Seen {
  /** Seconds since 1970. */
  at: number;
  state: 'running' | 'stopping' | 'interrupted' | 'stopped' | 'failed' | 'done';
  exitCode: number | null;
  succeeded: number;
  failed: number;
  /** Null before planning. */
  total: number | null;
}
