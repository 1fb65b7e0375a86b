/** Makes a bastion ready for one person, and lets it go again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureBastion } from '../../functions/bastion/bastion.ts';
import type { Bastions } from '../../ports/bastions.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Debugging, DebugMachine } from '../../ports/debugging.ts';
import { RunInterrupted, TookTooLong } from '../../ports/errors.ts';

export interface DebugPorts {
  bastions: Bastions;
  debugging: Debugging;
  clock: Clock;
}

export interface DebugAsked {
  bastion: string;
  cluster: string;
  tags: Record<string, string>;
  key: { name: string; publicKey: string };
  /** For which port 22 is opened. */
  address: string;
  print(line: string): void;
  /** Milliseconds between two looks. */
  pause: number;
  signal: AbortSignal;
}

/** Seconds that Systems Manager takes at most to know a machine that has started. */
const patience = 300;

/**
 * Starts the bastion, or makes it; keeps runs from stopping it; lets the key in; and opens port 22.
 * @returns the machine, and whether it knows the key
 * @throws TookTooLong, RunInterrupted, QuotaExceeded, CapacityUnavailable, AccessDenied
 */
export async function beginDebug(
  { bastions, debugging, clock }: DebugPorts,
  { bastion, cluster, tags, key, address, print, pause, signal }: DebugAsked,
): Promise<{ machine: DebugMachine & { address: string }; knowsKey: boolean }> {
  const wait = async () => {
    await sleep(pause, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) throw new RunInterrupted('interrupted before the bastion was ready');
  };
  await debugging.keepKey(key.name, key.publicKey);
  const since = clock.now();
  const ensure = ensureBastion({ bastions, clock });
  for (let said = ''; ; ) {
    const step = await ensure({ want: { name: bastion, cluster, tags }, since });
    if (step.state === 'ready') break;
    if (step.detail !== said) print(`${step.detail} …`);
    said = step.detail;
    await wait();
  }
  await debugging.mark(bastion, true);
  await debugging.open(address);
  const up = clock.now();
  for (let isTold = false; ; ) {
    const machine = await debugging.machine(bastion);
    const isOver = clock.now() - up >= patience;
    if (machine?.address) {
      const ready = { ...machine, address: machine.address };
      if (await debugging.letIn(machine, key.publicKey)) return { machine: ready, knowsKey: true };
      if (isOver) return { machine: ready, knowsKey: false };
    } else if (isOver)
      throw new TookTooLong(`bastion ${bastion} has had no public address for ${patience} s`);
    if (!isTold) print('waiting until the machine answers …');
    isTold = true;
    await wait();
  }
}

/**
 * Closes port 22, and stops the bastion unless somebody else is still there.
 * @param address whose way is closed; null: everybody's
 */
export async function endDebug(
  { bastions, debugging }: Pick<DebugPorts, 'bastions' | 'debugging'>,
  { bastion, address }: { bastion: string; address: string | null },
): Promise<{ closed: string[]; stillOpen: string[] }> {
  const doors = await debugging.close(address);
  if (doors.stillOpen.length > 0) return doors;
  await debugging.mark(bastion, false);
  await bastions.stop(bastion);
  return doors;
}
