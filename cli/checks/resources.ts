/** Whether disk and memory are enough for runs of usual size. */
import { count } from '../view/units.ts';
import { type Check, note, ok } from './check.ts';

const gib = 2 ** 30;
/** Below these, a limit is likely to be met. */
const enough = { diskBytes: 5 * gib, memoryBytes: gib };

/** @param free bytes where packages are installed */
export function diskCheck(free: number): Check {
  const says = `${inGib(free)} free where packages are installed`;
  const hint = 'Free some, or let XDG_CACHE_HOME name a folder on another disk: packages may take gigabytes.';
  return { what: 'disk', ...(free >= enough.diskBytes ? ok(says) : note(says, hint)) };
}

/** @param total bytes that this process may use, @param free those of them that nobody uses */
export function machineCheck(cores: number, total: number, free: number): Check {
  const says = `${count(cores, 'core')}, so as many workers; ${inGib(total)} memory, ${inGib(free)} free`;
  const hint = 'Take fewer workers (start --scalenodes 1), and set memory_per_worker in config.yaml.';
  return { what: 'machine', ...(total >= enough.memoryBytes ? ok(says) : note(says, hint)) };
}

const inGib = (bytes: number): string => `${(bytes / gib).toFixed(bytes < 10 * gib ? 1 : 0)} GiB`;
