/** A bastion made ready for somebody, and let go again, on an account in memory. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { callerAddress } from '../../../../../cli/aws/debug/caller-address.ts';
import {
  endDebugSession,
  keepSessionAlive,
  type ReadyBastion,
  startDebugSession,
} from '../../../../../cli/aws/debug/debug-session.ts';
import {
  ExitCode,
  RunInterrupted,
  TookTooLong,
  Unreachable,
  UsageError,
} from '../../../../../core/errors/errors.ts';
import type { Debugging } from '../../../../../ports/cluster/debugging.ts';
import { ManualClock } from '../../../../support/memory/manual-clock.ts';
import { MemoryAccount } from '../../../../support/memory-aws/account.ts';
import { MemoryBastions } from '../../../../support/memory-aws/bastions.ts';
import { MemorySshIngress } from '../../../../support/memory-aws/ssh-ingress.ts';

let clock: ManualClock;
let account: MemoryAccount;
let bastions: MemoryBastions;
let sshIngress: MemorySshIngress;
let done: string[];
/** Addresses of others who debug. */
const bob = '203.0.113.1/32';
const ada = '198.51.100.7/32';
const hour = 3600;
beforeEach(() => {
  clock = new ManualClock(1_800_000_000);
  account = new MemoryAccount({ clock, looks: 2 });
  bastions = new MemoryBastions(account);
  sshIngress = new MemorySshIngress(account);
  done = [];
});
const open = () => [...account.ways.keys()];

const hostKey = 'ssh-ed25519 AAAAhost';
const publicKey = 'ssh-ed25519 AAAA gcd-ada';

/** @param answers looks until the machine can be told the key; and until it has an address */
function debugging({ key = 0, address = 0 } = {}): Debugging {
  let keys = 0;
  let looks = 0;
  return {
    async machine() {
      clock.advance(20);
      return { id: 'i-1', address: looks++ < address ? null : '203.0.113.9' };
    },
    keepKey: async (name) => void done.push(`key ${name}`),
    letIn: async (_, __, until) => {
      done.push(`let in for ${until - clock.now()} s`);
      return keys++ >= key ? hostKey : undefined;
    },
    letOut: async (_, whose) => {
      done.push(`let out ${whose?.split(' ')[2] ?? 'all'}`);
      return true;
    },
  };
}

class SlowBastions extends MemoryBastions {
  override async find(name: string) {
    clock.advance(20);
    return super.find(name);
  }
}

let lines: string[];
beforeEach(() => {
  lines = [];
});
const session = {
  ...{ bastion: 'c-bastion', cluster: 'c', tags: {}, address: ada, seconds: hour, pause: 0 },
  key: { name: 'gcd-ada', publicKey },
  print: (line: string) => void lines.push(line),
};
const begin = (of: Debugging, signal = new AbortController().signal) =>
  startDebugSession({ bastions, clock, sshIngress, debugging: of }, { ...session, signal });

describe('startDebugSession', () => {
  test('makes the bastion, and opens the way, both until a time that the account knows', async () => {
    const machine = await begin(debugging());
    const { until } = machine;
    expect(machine).toEqual({ id: 'i-1', address: '203.0.113.9', hostKey, until });
    expect(until - clock.now()).toBeGreaterThan(hour - 60);
    expect(await bastions.find('c-bastion')).toMatchObject({ status: 'running', debuggedUntil: until });
    expect([...account.ways]).toEqual([[ada, until]]);
    expect(done).toEqual(['key gcd-ada', expect.stringMatching(/^let in for 3[56]\d\d s$/)]);
  });

  test('asks again until the machine answers', async () => {
    expect(await begin(debugging({ key: 3, address: 2 }))).toMatchObject({ address: '203.0.113.9' });
    expect(done.filter((what) => what.startsWith('let in'))).toHaveLength(4);
  });

  const never = Number.POSITIVE_INFINITY;
  test.each([
    [
      { key: never },
      'bastion c-bastion (i-1) is running, but has not answered Systems Manager for 5 minutes',
    ],
    [{ address: never }, 'bastion c-bastion (i-1) is running, but has had no public address for 5 minutes'],
  ])('what never comes is given up, and the way closed again: %j', async (missing, message) => {
    const began = clock.now();
    const hint = expect.stringContaining('gcd-sfn debug --cluster c.');
    await expect(begin(debugging(missing))).rejects.toMatchObject({
      ...{ name: 'TookTooLong', exitCode: ExitCode.environment, message, hint },
    });
    expect(clock.now() - began).toBeLessThan(400);
    expect(open()).toEqual([]);
    expect(done.at(-1)).toBe('let out gcd-ada');
    expect((await bastions.find('c-bastion'))?.debuggedUntil).toBeNull();
    expect((await bastions.find('c-bastion'))?.status).toMatch(/^stopp/);
    expect(lines.at(-1)).toBe('port 22 is closed again');
  });

  test('so is a bastion that does not start', async () => {
    account = new MemoryAccount({ clock, looks: 1e9 });
    bastions = new SlowBastions(account);
    await expect(begin(debugging())).rejects.toMatchObject({
      name: 'TookTooLong',
      message: 'bastion c-bastion is not running after 15 minutes: the bastion is starting',
    });
    expect(open()).toEqual([]);
  });

  test('a way that cannot be closed is told', async () => {
    account.refuse('sshIngress.close', new Unreachable('no'));
    await expect(begin(debugging({ address: never }))).rejects.toThrow(TookTooLong);
    expect(lines.at(-1)).toBe('port 22 may be open for 198.51.100.7/32: gcd-sfn debug --off closes it');
  });

  test('nothing is opened for somebody who pressed Ctrl-C', async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(begin(debugging(), controller.signal)).rejects.toThrow(RunInterrupted);
    expect(open()).toEqual([]);
    expect(done).toEqual(['key gcd-ada', 'let out gcd-ada']);
  });
});

describe('keepSessionAlive', () => {
  /** Stays for so many renewals. */
  async function stay(renewals: number, of = debugging()): Promise<ReadyBastion> {
    const machine = await begin(of);
    done.length = 0;
    const controller = new AbortController();
    const letIn: Debugging['letIn'] = (...args) => {
      clock.advance(600);
      if (--renewals === 0) controller.abort();
      return of.letIn(...args);
    };
    const ports = { bastions, clock, sshIngress, debugging: { ...of, letIn } };
    await keepSessionAlive(ports, { ...session, machine, signal: controller.signal });
    return machine;
  }

  test('makes the lease of all three longer: port, bastion and key', async () => {
    const { until } = await stay(3);
    const now = clock.now();
    const leased = (await bastions.find('c-bastion'))?.debuggedUntil ?? 0;
    expect(leased - until).toBeGreaterThan(1100);
    expect(account.ways.get(ada)).toBe(leased);
    expect(leased - now).toBeGreaterThan(hour - 700);
    expect(done).toHaveLength(3);
  });

  test('goes on after a renewal that failed, and says so', async () => {
    let calls = 0;
    const of = debugging();
    const letIn: Debugging['letIn'] = async (...args) => {
      if (++calls === 2) throw new Unreachable('no network');
      return of.letIn(...args);
    };
    await stay(2, { ...of, letIn });
    expect(lines.at(-1)).toBe('the lease was not renewed: no network; will retry');
  });

  test('opens nothing again that was closed meanwhile', async () => {
    const machine = await begin(debugging());
    account.ways.clear();
    const signal = new AbortController().signal;
    const ports = { bastions, clock, sshIngress, debugging: debugging() };
    await keepSessionAlive(ports, { ...session, machine, signal });
    expect(open()).toEqual([]);
    expect(lines.at(-1)).toContain('port 22 was closed in the meantime');
  });
});

describe('endDebugSession', () => {
  const end = async (address: string | null, of = debugging(), others: string[] = []) => {
    await begin(debugging());
    for (const other of others) await sshIngress.open(other, clock.now() + hour);
    done.length = 0;
    const whose = address === null ? null : publicKey;
    const ports = { bastions, sshIngress, debugging: of };
    return endDebugSession(ports, { bastion: 'c-bastion', address, publicKey: whose });
  };
  const status = async () => (await bastions.find('c-bastion'))?.status;

  test('closes the way, takes the key off, and stops the bastion', async () => {
    expect(await end(ada)).toEqual({ closed: [ada], stillOpen: [], isKeyRemoved: true });
    expect(open()).toEqual([]);
    expect(done).toEqual(['let out gcd-ada']);
    expect((await bastions.find('c-bastion'))?.debuggedUntil).toBeNull();
    expect(await status()).toMatch(/^stopp/);
  });

  test('leaves the bastion to somebody else who is there', async () => {
    expect((await end(ada, debugging(), [bob])).stillOpen).toEqual([bob]);
    expect(open()).toEqual([bob]);
    expect(done).toEqual(['let out gcd-ada']);
    expect(await status()).toBe('running');
    expect((await bastions.find('c-bastion'))?.debuggedUntil).toBeGreaterThan(clock.now());
  });

  test('or ends it for all of them', async () => {
    expect((await end(null, debugging(), [bob])).closed.sort()).toEqual([ada, bob]);
    expect(done).toEqual(['let out all']);
    expect(await status()).toMatch(/^stopp/);
  });

  test.each([
    ['fails', () => Promise.reject(new Unreachable('no'))],
    ['does not answer', async () => false],
  ])('closes and stops though the machine %s', async (_, letOut) => {
    expect(await end(ada, { ...debugging(), letOut })).toMatchObject({ closed: [ada], isKeyRemoved: false });
    expect(open()).toEqual([]);
    expect(await status()).toMatch(/^stopp/);
  });
});

describe('callerAddress', () => {
  const never = async () => {
    throw new Error('asked');
  };

  test.each([
    ['198.51.100.7', '198.51.100.7/32'],
    ['198.51.100.0/24', '198.51.100.0/24'],
    ['198.51.100.200/24', '198.51.100.0/24'],
    ['198.51.100.200/28', '198.51.100.192/28'],
  ])('%s is %s', async (given, address) => {
    expect(await callerAddress(given, never)).toBe(address);
  });

  const others = ['home', '198.51.100.7/33', '198.51.100.7/x', '198.51.100.7/', '198.51.100.7/32/8', ''];
  test.each(others)('refuses %j', async (given) => {
    await expect(callerAddress(given, never)).rejects.toThrow(UsageError);
  });

  test.each([
    ['0.0.0.0/0', "port 22 cannot be opened for '0.0.0.0/0': that is 4,294,967,296 addresses"],
    ['128.0.0.0/1', "port 22 cannot be opened for '128.0.0.0/1': that is 2,147,483,648 addresses"],
    ['10.0.0.0/8', "port 22 cannot be opened for '10.0.0.0/8': that is 16,777,216 addresses"],
    ['198.51.100.0/23', "port 22 cannot be opened for '198.51.100.0/23': that is 512 addresses"],
    ['::/0', "port 22 cannot be opened for '::/0': the bastion has no IPv6 address"],
    ['2001:db8::7', "port 22 cannot be opened for '2001:db8::7': the bastion has no IPv6 address"],
  ])('refuses what lets in more than a network, or nobody: %s', async (given, message) => {
    const hint = expect.stringContaining('Give your own address, or omit --address');
    await expect(callerAddress(given, never)).rejects.toMatchObject({ message, hint, exitCode: 2 });
  });

  test('is asked for where it is not given', async () => {
    expect(await callerAddress(undefined, async () => '198.51.100.7')).toBe('198.51.100.7/32');
    await expect(callerAddress(undefined, async () => '<html>')).rejects.toThrow(Unreachable);
  });
});
