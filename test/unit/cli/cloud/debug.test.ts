/** A bastion made ready for somebody, and let go again, on an account in memory. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { ManualClock } from '../../../../adapters/memory/clock.ts';
import { MemoryAccount } from '../../../../adapters/memory/cloud/account.ts';
import { MemoryBastions } from '../../../../adapters/memory/cloud/bastions.ts';
import { callerAddress } from '../../../../cli/cloud/caller-address.ts';
import { beginDebug, endDebug } from '../../../../cli/cloud/debug-session.ts';
import type { Debugging } from '../../../../ports/debugging.ts';
import { ExitCode, RunInterrupted, TookTooLong, Unreachable, UsageError } from '../../../../ports/errors.ts';

let clock: ManualClock;
let account: MemoryAccount;
let bastions: MemoryBastions;
let done: string[];
/** Addresses of others who debug. */
let others: string[];
beforeEach(() => {
  clock = new ManualClock(1_800_000_000);
  account = new MemoryAccount({ clock, looks: 2 });
  bastions = new MemoryBastions(account);
  done = [];
  others = [];
});

/** @param answers looks until the machine can be told the key; and until it has an address */
function debugging({ key = 0, address = 0 } = {}): Debugging {
  let keys = 0;
  let looks = 0;
  return {
    async machine() {
      clock.advance(20);
      return { id: 'i-1', address: looks++ < address ? null : '203.0.113.9' };
    },
    mark: async (bastion, used) => void done.push(`mark ${bastion} ${used}`),
    keepKey: async (name) => void done.push(`key ${name}`),
    letIn: async () => {
      done.push('let in');
      return keys++ >= key;
    },
    open: async (from) => void done.push(`open ${from}`),
    async close(from) {
      done.push(`close ${from}`);
      return { closed: ['198.51.100.7/32'], stillOpen: from === null ? [] : others };
    },
  };
}

class SlowBastions extends MemoryBastions {
  override async find(name: string) {
    clock.advance(20);
    return super.find(name);
  }
}

const lines: string[] = [];
const begin = (of: Debugging, signal = new AbortController().signal) =>
  beginDebug(
    { bastions, clock, debugging: of },
    {
      ...{ bastion: 'c-bastion', cluster: 'c', tags: {}, address: '198.51.100.7/32', pause: 0, signal },
      key: { name: 'gcd-ada', publicKey: 'ssh-ed25519 AAAA gcd-ada' },
      print: (line) => lines.push(line),
    },
  );

describe('beginDebug', () => {
  test('makes the bastion, keeps runs from stopping it, and opens the way', async () => {
    expect(await begin(debugging())).toEqual({ id: 'i-1', address: '203.0.113.9' });
    expect((await bastions.find('c-bastion'))?.status).toBe('running');
    expect(done).toEqual(['key gcd-ada', 'mark c-bastion true', 'open 198.51.100.7/32', 'let in']);
  });

  test('asks again until the machine answers', async () => {
    expect(await begin(debugging({ key: 3, address: 2 }))).toEqual({ id: 'i-1', address: '203.0.113.9' });
    expect(done.filter((what) => what === 'let in')).toHaveLength(4);
  });

  const never = Number.POSITIVE_INFINITY;
  test.each([
    [{ key: never }, 'bastion c-bastion (i-1) runs, but has not answered Systems Manager for 5 minutes'],
    [{ address: never }, 'bastion c-bastion (i-1) runs, but has had no public address for 5 minutes'],
  ])('what never comes is given up, and the way closed again: %j', async (missing, message) => {
    const began = clock.now();
    const mend = expect.stringContaining('gcd-sfn debug --cluster c.');
    await expect(begin(debugging(missing))).rejects.toMatchObject({
      ...{ name: 'TookTooLong', exitCode: ExitCode.environment, message, mend },
    });
    expect(clock.now() - began).toBeLessThan(400);
    expect(done.slice(-2)).toEqual(['close 198.51.100.7/32', 'mark c-bastion false']);
    expect((await bastions.find('c-bastion'))?.status).toMatch(/^stopp/);
    expect(lines.at(-1)).toBe('port 22 is closed again');
  });

  test('so is a bastion that does not start', async () => {
    account = new MemoryAccount({ clock, looks: 1e9 });
    bastions = new SlowBastions(account);
    await expect(begin(debugging())).rejects.toMatchObject({
      name: 'TookTooLong',
      message: 'bastion c-bastion does not run after 15 minutes: the bastion is starting',
    });
    expect(done).not.toContain('open 198.51.100.7/32');
    expect(done).toContain('close 198.51.100.7/32');
  });

  test('a way that cannot be closed is told', async () => {
    const stuck = { ...debugging({ address: never }), close: () => Promise.reject(new Unreachable('no')) };
    await expect(begin(stuck)).rejects.toThrow(TookTooLong);
    expect(lines.at(-1)).toBe('port 22 may be open for 198.51.100.7/32: gcd-sfn debug --off closes it');
  });

  test('nothing is opened for somebody who pressed Ctrl-C', async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(begin(debugging(), controller.signal)).rejects.toThrow(RunInterrupted);
    expect(done).toEqual(['key gcd-ada', 'close 198.51.100.7/32', 'mark c-bastion false']);
  });
});

describe('endDebug', () => {
  const end = async (address: string | null) => {
    await begin(debugging());
    done.length = 0;
    return endDebug({ bastions, debugging: debugging() }, { bastion: 'c-bastion', address });
  };
  const status = async () => (await bastions.find('c-bastion'))?.status;

  test('closes the way, and stops the bastion', async () => {
    expect((await end('198.51.100.7/32')).closed).toEqual(['198.51.100.7/32']);
    expect(done).toEqual(['close 198.51.100.7/32', 'mark c-bastion false']);
    expect(await status()).toMatch(/^stopp/);
  });

  test('leaves the bastion to somebody else who is there', async () => {
    others = ['203.0.113.1/32'];
    expect((await end('198.51.100.7/32')).stillOpen).toEqual(others);
    expect(done).toEqual(['close 198.51.100.7/32']);
    expect(await status()).toBe('running');
  });

  test('or ends it for all of them', async () => {
    others = ['203.0.113.1/32'];
    await end(null);
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
    ['2001:db8::7', '2001:db8::7/128'],
  ])('%s is %s', async (given, address) => {
    expect(await callerAddress(given, never)).toBe(address);
  });

  test.each(['0.0.0.0/0', '::/0', 'home', '198.51.100.7/33', '198.51.100.7/x', ''])(
    'refuses %j',
    async (given) => {
      await expect(callerAddress(given, never)).rejects.toThrow(UsageError);
    },
  );

  test('is asked for where it is not given', async () => {
    expect(await callerAddress(undefined, async () => '198.51.100.7')).toBe('198.51.100.7/32');
    await expect(callerAddress(undefined, async () => '<html>')).rejects.toThrow(Unreachable);
  });
});
