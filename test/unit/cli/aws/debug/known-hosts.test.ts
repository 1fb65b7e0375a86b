/** ssh speaks to the bastion, and to no other machine that has its address: OpenSSH's own tools say what they understand. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { keepHostKey, sshCommand } from '../../../../../cli/aws/debug/known-hosts.ts';
import { newKey, sshKey } from '../../../../../cli/aws/debug/ssh-key.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gcd home '));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const hostKey = () => newKey('').publicKey.trim().split(' ').slice(0, 2).join(' ');

describe('keepHostKey', () => {
  beforeEach(() => mkdirSync(join(home, '.ssh')));

  test('keeps one key of each machine, the newest', () => {
    const [first, second, other] = [hostKey(), hostKey(), hostKey()];
    keepHostKey('i-1', first, home);
    keepHostKey('i-12', other, home);
    const path = keepHostKey('i-1', second, home);
    expect(readFileSync(path, 'utf8')).toBe(`i-12 ${other}\ni-1 ${second}\n`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('is read by OpenSSH', () => {
    const key = hostKey();
    const path = keepHostKey('i-0a', key, home);
    expect(execFileSync('ssh-keygen', ['-F', 'i-0a', '-f', path], { encoding: 'utf8' })).toContain(key);
    expect(spawnSync('ssh-keygen', ['-F', 'i-0b', '-f', path]).status).not.toBe(0);
  });
});

describe('sshCommand', () => {
  test('is understood by a shell and by ssh, also with a space in the path', () => {
    const { path: keyPath } = sshKey('ada', home);
    const knownHosts = keepHostKey('i-0a', hostKey(), home);
    const command = sshCommand({ id: 'i-0a', address: '203.0.113.9', user: 'ec2-user', keyPath, knownHosts });
    const said = execFileSync('sh', ['-c', command.replace('ssh ', 'ssh -G ')], { encoding: 'utf8' });
    const lines = said.split('\n');
    for (const line of ['user ec2-user', 'hostname 203.0.113.9', 'hostkeyalias i-0a'])
      expect(lines).toContain(line);
    expect(said).toMatch(/^stricthostkeychecking (true|yes)$/m);
    expect(said.replaceAll('"', '')).toContain(`\nuserknownhostsfile ${knownHosts}\n`);
    expect(lines).toContain(`identityfile ${keyPath}`);
  });

  test('has no quotes that it does not need', () => {
    const places = {
      keyPath: '/home/ada/.ssh/gcd-ada.pem',
      knownHosts: '/home/ada/.ssh/gcd-sfn.known_hosts',
    };
    expect(sshCommand({ id: 'i-0a', address: '203.0.113.9', user: 'ec2-user', ...places })).toBe(
      'ssh -i /home/ada/.ssh/gcd-ada.pem -o UserKnownHostsFile=/home/ada/.ssh/gcd-sfn.known_hosts ' +
        '-o HostKeyAlias=i-0a -o StrictHostKeyChecking=yes ec2-user@203.0.113.9',
    );
  });
});
