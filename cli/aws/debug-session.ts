/** Makes a bastion ready for one person, and lets it go again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describeError, RunInterrupted, TookTooLong } from '../../core/errors/errors.ts';
import { ensureBastion } from '../../functions/bastion/ensure-stop-bastion.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Bastions } from '../../ports/cluster/bastions.ts';
import type { Debugging } from '../../ports/cluster/debugging.ts';
import type { SshDoor } from '../../ports/cluster/ssh-door.ts';

export interface DebugPorts {
  bastions: Bastions;
  debugging: Debugging;
  sshDoor: SshDoor;
  clock: Clock;
}

/** A machine that the key opens. */
export interface ReadyMachine {
  /** EC2's. */
  id: string;
  /** Public. */
  address: string;
  /** By which it is recognised, `ssh-ed25519 AAAA…`. */
  hostKey: string;
  /** When port 22 is closed, and the key of no use any more, in seconds since 1970. */
  until: number;
}

export interface DebugAsked {
  bastion: string;
  cluster: string;
  tags: Record<string, string>;
  key: { name: string; publicKey: string };
  /** For which port 22 is opened. */
  address: string;
  /** Seconds after which it ends by itself, if it is not renewed. */
  seconds: number;
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
    const { print, address, bastion, key } = asked;
    await endDebug(ports, { bastion, address, publicKey: key.publicKey }).then(
      () => print('port 22 is closed again'),
      () => print(`port 22 may be open for ${address}: gcd-sfn debug --off closes it`),
    );
    throw error;
  }
}

async function getReady(
  { bastions, debugging, sshDoor, clock }: DebugPorts,
  asked: DebugAsked,
): Promise<ReadyMachine> {
  const { bastion, cluster, tags, key, address, print, pause, signal, seconds } = asked;
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
  const up = clock.now();
  const until = up + seconds;
  await bastions.lease(bastion, until);
  await sshDoor.open(address, until);
  for (let isTold = false; ; ) {
    const machine = await debugging.machine(bastion);
    const hostKey = machine?.address && (await debugging.letIn(machine, key.publicKey, until));
    if (machine?.address && hostKey) return { id: machine.id, address: machine.address, hostKey, until };
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
    hint: `Try again: gcd-sfn debug --cluster ${cluster}. If it stays so, look at the machine's system log in EC2's console: it\nneeds a way to the internet; one that you terminate there is made anew.`,
  });

export interface Attached extends Pick<DebugAsked, 'bastion' | 'address' | 'key' | 'seconds' | 'print'> {
  machine: ReadyMachine;
  /** Milliseconds between two renewals. */
  pause: number;
  signal: AbortSignal;
}

/** Renews the lease until somebody presses Ctrl-C, or has ended it elsewhere. */
export async function stayAttached(ports: DebugPorts, attached: Attached): Promise<void> {
  const { print, pause, signal } = attached;
  for (;;) {
    await sleep(pause, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    try {
      if (await renew(ports, attached)) continue;
      print(
        'port 22 was closed meanwhile: by gcd-sfn debug --off, or since the lease ended while this machine slept',
      );
      return;
    } catch (error) {
      print(`the lease was not renewed: ${describeError(error).message}; that is tried again`);
    }
  }
}

/** @returns false when port 22 is closed already */
async function renew(
  { bastions, debugging, sshDoor, clock }: DebugPorts,
  { bastion, address, key, seconds, machine }: Attached,
): Promise<boolean> {
  const until = clock.now() + seconds;
  if (!(await sshDoor.extend(address, until))) return false;
  await bastions.lease(bastion, until);
  await debugging.letIn(machine, key.publicKey, until);
  return true;
}

export interface Ended {
  /** Addresses. */
  closed: string[];
  stillOpen: string[];
  /** Whether the bastion was told to let the key in no longer; one that it was not told of ends with its lease. */
  isKeyOut: boolean;
}

/**
 * Closes port 22, takes the key off the bastion, and stops it unless somebody else is still there.
 * @param address whose way is closed; null: everybody's
 * @param publicKey which is taken off; null: everybody's
 */
export async function endDebug(
  { bastions, debugging, sshDoor }: Omit<DebugPorts, 'clock'>,
  { bastion, address, publicKey }: { bastion: string; address: string | null; publicKey: string | null },
): Promise<Ended> {
  const open = (await sshDoor.ways()).map((way) => way.address);
  const closed = open.filter((one) => address === null || one === address);
  await sshDoor.close(closed);
  const machine = await debugging.machine(bastion);
  // What cannot be told to the machine keeps nobody from closing and stopping.
  const isKeyOut = machine === undefined || (await debugging.letOut(machine, publicKey).catch(() => false));
  const stillOpen = open.filter((one) => !closed.includes(one));
  if (stillOpen.length === 0) {
    await bastions.endLease(bastion);
    await bastions.stop(bastion);
  }
  return { closed, stillOpen, isKeyOut };
}
