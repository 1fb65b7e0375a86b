/** Prepares a bastion for one person's SSH session, keeps the session's lease, and ends it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describeError, RunInterrupted, TookTooLong } from '../../../core/errors/errors.ts';
import { ensureBastion } from '../../../functions/bastion/ensure-stop-bastion.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Bastions } from '../../../ports/cluster/bastions.ts';
import type { Debugging } from '../../../ports/cluster/debugging.ts';
import type { SshIngress } from '../../../ports/cluster/ssh-ingress.ts';

export interface DebugPorts {
  bastions: Bastions;
  debugging: Debugging;
  sshIngress: SshIngress;
  clock: Clock;
}

/** A bastion that accepts the person's key. */
export interface ReadyBastion {
  /** EC2 instance id. */
  id: string;
  /** Public IP address. */
  address: string;
  /** Host key, `ssh-ed25519 AAAA…`. */
  hostKey: string;
  /** When port 22 is closed and the key expires, in seconds since 1970. */
  until: number;
}

export interface DebugRequest {
  bastion: string;
  cluster: string;
  tags: Record<string, string>;
  key: { name: string; publicKey: string };
  /** CIDR that may connect to port 22. */
  address: string;
  /** Length of the lease in seconds. */
  seconds: number;
  print(line: string): void;
  /** Polling interval in milliseconds. */
  pause: number;
  signal: AbortSignal;
}

/** Seconds in which a running instance must get an address and answer Systems Manager. */
const readyTimeout = 300;

/**
 * Creates or starts the bastion, leases it (so that runs do not stop it), authorizes the key, and opens port 22. On an
 * error the port is closed again.
 * @throws TookTooLong, RunInterrupted, QuotaExceeded, CapacityUnavailable, AccessDenied
 */
export async function startDebugSession(ports: DebugPorts, request: DebugRequest): Promise<ReadyBastion> {
  try {
    return await prepareBastion(ports, request);
  } catch (error) {
    const { print, address, bastion, key } = request;
    await endDebugSession(ports, { bastion, address, publicKey: key.publicKey }).then(
      () => print('port 22 is closed again'),
      () => print(`port 22 may be open for ${address}: gcd-sfn debug --off closes it`),
    );
    throw error;
  }
}

async function prepareBastion(ports: DebugPorts, request: DebugRequest): Promise<ReadyBastion> {
  const { bastions, debugging, sshIngress, clock } = ports;
  const { bastion, key, address, pause, signal, seconds } = request;
  const wait = async () => {
    await sleep(pause, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) throw new RunInterrupted('interrupted before the bastion was ready');
  };
  await debugging.keepKey(key.name, key.publicKey);
  await startBastion(ports, request, wait);
  const until = clock.now() + seconds;
  await bastions.lease(bastion, until);
  await sshIngress.open(address, until);
  return authorizeKey(ports, request, until, wait);
}

/** Creates or starts the bastion, and waits until it is running. */
async function startBastion(
  { bastions, clock }: DebugPorts,
  { bastion, cluster, tags, print }: DebugRequest,
  wait: () => Promise<void>,
): Promise<void> {
  const since = clock.now();
  const ensure = ensureBastion({ bastions, clock }, 'running');
  for (let printed = ''; ; ) {
    const step = await ensure({ want: { name: bastion, cluster, tags }, since }).catch((error) => {
      if (!(error instanceof TookTooLong)) throw error;
      throw tooLong(`bastion ${bastion} is not running ${error.message}`, cluster);
    });
    if (step.state === 'ready') return;
    if (step.detail !== printed) print(`${step.detail} …`);
    printed = step.detail;
    await wait();
  }
}

/** Waits for the address and for Systems Manager, through which the key is authorized. */
async function authorizeKey(
  { debugging, clock }: DebugPorts,
  { bastion, cluster, key, print }: DebugRequest,
  until: number,
  wait: () => Promise<void>,
): Promise<ReadyBastion> {
  const since = clock.now();
  for (let isFirst = true; ; isFirst = false) {
    const machine = await debugging.machine(bastion);
    const hostKey = machine?.address && (await debugging.letIn(machine, key.publicKey, until));
    if (machine?.address && hostKey) return { id: machine.id, address: machine.address, hostKey, until };
    if (clock.now() - since >= readyTimeout) {
      const missing = machine?.address ? 'has not answered Systems Manager' : 'has had no public address';
      const name = machine ? `${bastion} (${machine.id})` : bastion;
      throw tooLong(`bastion ${name} is running, but ${missing} for ${readyTimeout / 60} minutes`, cluster);
    }
    if (isFirst) print(`waiting up to ${readyTimeout / 60} minutes until the instance answers …`);
    await wait();
  }
}

const tooLong = (message: string, cluster: string): TookTooLong =>
  new TookTooLong(message, {
    hint: `Try again: gcd-sfn debug --cluster ${cluster}. If that does not help, see the instance's system log in the EC2 console: it\nneeds internet access; a bastion that you terminate there is recreated.`,
  });

export interface SessionLease
  extends Pick<DebugRequest, 'bastion' | 'address' | 'key' | 'seconds' | 'print'> {
  machine: ReadyBastion;
  /** Milliseconds between renewals. */
  pause: number;
  signal: AbortSignal;
}

/** Renews the lease until Ctrl-C, or until the session was ended elsewhere. */
export async function keepSessionAlive(ports: DebugPorts, lease: SessionLease): Promise<void> {
  const { print, pause, signal } = lease;
  for (;;) {
    await sleep(pause, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    try {
      if (await renew(ports, lease)) continue;
      print(
        'port 22 was closed in the meantime: by gcd-sfn debug --off, or because the lease expired while this machine slept',
      );
      return;
    } catch (error) {
      print(`the lease was not renewed: ${describeError(error).message}; will retry`);
    }
  }
}

/** @returns false when port 22 is already closed */
async function renew(
  { bastions, debugging, sshIngress, clock }: DebugPorts,
  { bastion, address, key, seconds, machine }: SessionLease,
): Promise<boolean> {
  const until = clock.now() + seconds;
  if (!(await sshIngress.extend(address, until))) return false;
  await bastions.lease(bastion, until);
  await debugging.letIn(machine, key.publicKey, until);
  return true;
}

export interface EndedSession {
  /** CIDRs. */
  closed: string[];
  stillOpen: string[];
  /** Whether the key was removed from the bastion; otherwise it expires with the lease. */
  isKeyRemoved: boolean;
}

/**
 * Closes port 22, removes the key from the bastion, and stops the bastion when no other session is open.
 * @param address CIDR to close; null: all
 * @param publicKey key to remove; null: all
 */
export async function endDebugSession(
  { bastions, debugging, sshIngress }: Omit<DebugPorts, 'clock'>,
  { bastion, address, publicKey }: { bastion: string; address: string | null; publicKey: string | null },
): Promise<EndedSession> {
  const open = (await sshIngress.rules()).map((way) => way.address);
  const closed = open.filter((one) => address === null || one === address);
  await sshIngress.close(closed);
  const machine = await debugging.machine(bastion);
  // An unreachable instance does not prevent closing the port and stopping it.
  const isKeyRemoved =
    machine === undefined || (await debugging.letOut(machine, publicKey).catch(() => false));
  const stillOpen = open.filter((one) => !closed.includes(one));
  if (stillOpen.length === 0) {
    await bastions.endLease(bastion);
    await bastions.stop(bastion);
  }
  return { closed, stillOpen, isKeyRemoved };
}
