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

/** A machine that the key opens. */
export type ReadyMachine = DebugMachine & { address: string };

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

/** Seconds until a machine that runs has an address, and answers Systems Manager. */
const patience = 300;

/**
 * Starts the bastion, or makes it; keeps runs from stopping it; lets the key in; and opens port 22. Whatever goes wrong,
 * nothing stays open for somebody who did not get in.
 * @throws TookTooLong, RunInterrupted, QuotaExceeded, CapacityUnavailable, AccessDenied
 */
export async function beginDebug(ports: DebugPorts, asked: DebugAsked): Promise<ReadyMachine> {
  try {
    return await getReady(ports, asked);
  } catch (error) {
    const { print, address } = asked;
    await endDebug(ports, asked).then(
      () => print('port 22 is closed again'),
      () => print(`port 22 may be open for ${address}: gcd-sfn debug --off closes it`),
    );
    throw error;
  }
}

async function getReady(
  { bastions, debugging, clock }: DebugPorts,
  asked: DebugAsked,
): Promise<ReadyMachine> {
  const { bastion, cluster, tags, key, address, print, pause, signal } = asked;
  const wait = async () => {
    await sleep(pause, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) throw new RunInterrupted('interrupted before the bastion was ready');
  };
  await debugging.keepKey(key.name, key.publicKey);
  const since = clock.now();
  const ensure = ensureBastion({ bastions, clock }, 'running');
  for (let said = ''; ; ) {
    const step = await ensure({ want: { name: bastion, cluster, tags }, since }).catch((error) => {
      if (!(error instanceof TookTooLong)) throw error;
      throw tooLong(`bastion ${bastion} does not run ${error.message}`, cluster);
    });
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
    if (machine?.address && (await debugging.letIn(machine, key.publicKey)))
      return { id: machine.id, address: machine.address };
    if (clock.now() - up >= patience) {
      const missing = machine?.address ? 'has not answered Systems Manager' : 'has had no public address';
      const name = machine ? `${bastion} (${machine.id})` : bastion;
      throw tooLong(`bastion ${name} runs, but ${missing} for ${patience / 60} minutes`, cluster);
    }
    if (!isTold) print(`waiting until the machine answers, for ${patience / 60} minutes at most …`);
    isTold = true;
    await wait();
  }
}

const tooLong = (message: string, cluster: string): TookTooLong =>
  new TookTooLong(message, {
    mend: `Try again: gcd-sfn debug --cluster ${cluster}. If it stays so, look at the machine's system log in EC2's console: it\nneeds a way to the internet; one that you terminate there is made anew.`,
  });

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
