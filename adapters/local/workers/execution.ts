/** What a supervisor's child says of itself in the memory that it shares with its supervisor (worker/PROTOCOL.md). */
import { readFileSync } from 'node:fs';
import { endianness } from 'node:os';

/** Counted over the child's life. */
export interface Execution {
  /** Tasks that it has started. */
  started: number;
  /** Number of the last task whose outcome is known, though perhaps not written. */
  finished: number;
}

/** Cells of 8 bytes, as in worker/gcd_worker/protocol/shared_memory.py. */
const cellBytes = 8;
const startedCell = 1;
const finishedCell = 2;

/** @param path of the shared memory; undefined when no child has made it */
export function readExecution(path: string): Execution | undefined {
  try {
    const memory = readFileSync(path);
    const read = endianness() === 'LE' ? memory.readBigUInt64LE : memory.readBigUInt64BE;
    const cell = (at: number) => Number(read.call(memory, at * cellBytes));
    return { started: cell(startedCell), finished: cell(finishedCell) };
  } catch {
    return undefined;
  }
}
