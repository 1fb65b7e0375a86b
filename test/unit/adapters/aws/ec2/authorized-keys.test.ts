/** What a bastion does when it is told who may log in: the scripts run here, on files of their own. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  letInScript,
  letOutScript,
  type SshPlaces,
} from '../../../../../adapters/aws/ec2/authorized-keys.ts';

const ada = 'ssh-ed25519 AAAAC3Nz+ada/= gcd-ada';
const bob = 'ssh-ed25519 AAAAC3Nz+bob/= gcd-bob';
const hostKey = 'ssh-ed25519 AAAAhost root@ip-10-64-0-7\n';
const now = Date.now() / 1000;

let places: SshPlaces;
let file: string;
beforeEach(() => {
  const home = mkdtempSync(join(tmpdir(), 'gcd-home-'));
  places = { user: userInfo().username, home, hostKey: join(home, 'host.pub') };
  file = join(home, '.ssh', 'authorized_keys');
  writeFileSync(places.hostKey, hostKey);
});
afterEach(() => rmSync(places.home, { recursive: true, force: true }));

/** In a zone in which times are not those of UTC: sshd reads them in the machine's. */
const run = (script: string, TZ = 'UTC') =>
  spawnSync('sh', [], { input: script, encoding: 'utf8', env: { ...process.env, TZ } });
function told(script: string): string {
  const { status, stdout, stderr } = run(script);
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}
const lines = () => readFileSync(file, 'utf8').split('\n').slice(0, -1);
const at = (seconds: number) =>
  new Date(Math.floor(seconds) * 1000).toISOString().replace(/\D/g, '').slice(0, 14);

describe('letInScript', () => {
  test('lets the key in until then, as sshd(8) has it, and tells the machine’s own', () => {
    expect(told(letInScript(places, `${ada}\n`, now + 60))).toBe(hostKey);
    expect(lines()).toEqual([`expiry-time="${at(now + 60)}" ${ada}`]);
    expect([statSync(file).mode & 0o777, statSync(join(places.home, '.ssh')).mode & 0o777]).toEqual([
      0o600, 0o700,
    ]);
  });

  test('says the time in the machine’s own zone', () => {
    expect(run(letInScript(places, ada, now + 60), 'Asia/Kolkata').status).toBe(0);
    expect(lines()[0]).toContain(`"${at(now + 60 + 5.5 * 3600)}"`);
  });

  test('renews in place, and leaves others who are there', () => {
    told(letInScript(places, ada, now + 60));
    told(letInScript(places, bob, now + 600));
    told(letInScript(places, ada, now + 3600));
    expect(lines()).toEqual([
      `expiry-time="${at(now + 600)}" ${bob}`,
      `expiry-time="${at(now + 3600)}" ${ada}`,
    ]);
  });

  test('takes away what is over, and what has no end, but nothing that is not ours', () => {
    mkdirSync(join(places.home, '.ssh'));
    const theirs = [
      '# by hand',
      'ssh-rsa AAAA me@lab',
      'ssh-ed25519 AAAA me@lab',
      'from="10.*" ssh-rsa AAAA x',
    ];
    const over = [`expiry-time="${at(now - 5)}" ${bob}`, ada, bob];
    writeFileSync(file, `${[...theirs, ...over].join('\n')}\n`);
    told(letInScript(places, ada, now + 60));
    expect(lines()).toEqual([...theirs, `expiry-time="${at(now + 60)}" ${ada}`]);
  });

  test('is not ready before sshd has its own key, and lets nobody in', () => {
    rmSync(places.hostKey);
    expect(run(letInScript(places, ada, now + 60)).status).toBe(75);
    expect(existsSync(file)).toBe(false);
  });

  test('a remark of others becomes one by which it is found again', () => {
    told(letInScript(places, 'ssh-ed25519 AAAA me@lab', now + 60));
    expect(lines()).toEqual([`expiry-time="${at(now + 60)}" ssh-ed25519 AAAA gcd-debug`]);
    expect(() => letInScript(places, "ssh-rsa AAAA'; reboot; '", now)).toThrow('no public half');
  });
});

describe('letOutScript', () => {
  beforeEach(() => {
    told(letInScript(places, ada, now + 60));
    told(letInScript(places, bob, now + 60));
    writeFileSync(file, `${[...lines(), 'ssh-ed25519 AAAA me@lab'].join('\n')}\n`);
  });
  const names = () => lines().map((line) => line.split(' ').at(-1));

  test('takes one key away', () => {
    told(letOutScript(places, ada));
    expect(names()).toEqual(['gcd-bob', 'me@lab']);
    told(letOutScript(places, ada));
    expect(names()).toEqual(['gcd-bob', 'me@lab']);
  });

  test('or all that debug let in', () => {
    told(letOutScript(places, null));
    expect(names()).toEqual(['me@lab']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('where there is none, that is no failure', () => {
    rmSync(join(places.home, '.ssh'), { recursive: true });
    told(letOutScript(places, null));
    expect(lines()).toEqual([]);
  });
});
