/** Pieces of batches: what a worker is given at once. A batch is one piece, or several where its data files are fetched. */
import type { Batch, BatchOutcome, BatchTask } from '../../../core/run-store/records/records.ts';

/** A task as a supervisor gets it: with the attempts already counted against it, if any. */
export type SentTask = [...BatchTask, attempts?: number];

export interface Piece {
  batch: Batch;
  /** Its tasks as JSON: those that have no record. */
  line: string;
  /** How pandas reads its files: `BatchTables`, as JSON. */
  tables?: string;
  /** Tasks in `line`. */
  tasks: number;
  /** Records of this piece that supervisors wrote before they died. */
  before: { succeeded: number; failed: number };
  /** `data` of worker/PROTOCOL.md, as JSON. Where data is fetched, it is set when the files are on this disk. */
  data?: string;
  /** Its files are not needed any more. */
  release?: () => void;
  resolve: (outcome: BatchOutcome) => void;
}

/** Answers a piece. Tasks without a record were not run. */
export function answer(piece: Piece, counts: { succeeded: number; failed: number }): void {
  const succeeded = piece.before.succeeded + counts.succeeded;
  const failed = piece.before.failed + counts.failed;
  const written = counts.succeeded + counts.failed;
  piece.release?.();
  piece.resolve({ batch: piece.batch.batch, succeeded, failed, notRun: piece.tasks - written });
}
