/** The key with which somebody comes to a bastion. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { newKey, sshKey } from '../../../../../cli/aws/debug/ssh-key.ts';
import { UsageError } from '../../../../../core/errors/errors.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gcd home '));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const mode = (path: string) => statSync(path).mode & 0o777;

/** Fields of a blob of OpenSSH's. */
function fields(blob: Buffer, count: number): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; found.length < count; ) {
    const size = blob.readUInt32BE(at);
    found.push(blob.subarray(at + 4, at + 4 + size));
    at += 4 + size;
  }
  return found;
}

describe('sshKey', () => {
  test('is made once, for its owner alone', () => {
    const key = sshKey('ada', home);
    expect(key.name).toBe('gcd-ada');
    expect(key.path).toBe(join(home, '.ssh/gcd-ada.pem'));
    expect([mode(key.path), mode(join(home, '.ssh'))]).toEqual([0o600, 0o700]);
    const secret = readFileSync(key.path, 'utf8');
    expect(sshKey('ada', home)).toEqual(key);
    expect(readFileSync(key.path, 'utf8')).toBe(secret);
    expect(key.publicKey).not.toContain(secret.split('\n')[1]);
  });

  test('one that others may read is closed again', () => {
    const { path } = sshKey('ada', home);
    chmodSync(path, 0o644);
    sshKey('ada', home);
    expect(mode(path)).toBe(0o600);
  });

  test('names of people become names of files', () => {
    expect(sshKey('ada@example.org/../x', home).name).toBe('gcd-ada-example-org-x');
  });

  test('a public half that is none is refused: it becomes part of a command', () => {
    const { path } = sshKey('ada', home);
    writeFileSync(`${path}.pub`, "ssh-ed25519 AAAA '; reboot; '\n");
    expect(() => sshKey('ada', home)).toThrow(UsageError);
  });
});

describe('newKey', () => {
  test('is a pair in the format of OpenSSH', () => {
    const { secret, publicKey } = newKey('gcd-ada');
    const [type, blob = '', comment] = publicKey.split(' ');
    expect([type, comment]).toEqual(['ssh-ed25519', 'gcd-ada']);
    const [, point = Buffer.alloc(0)] = fields(Buffer.from(blob, 'base64'), 2);
    expect(point).toHaveLength(32);
    const lines = secret.trim().split('\n');
    expect(lines[0]).toBe('-----BEGIN OPENSSH PRIVATE KEY-----');
    const whole = Buffer.from(lines.slice(1, -1).join(''), 'base64');
    const magic = 'openssh-key-v1\0';
    expect(whole.subarray(0, magic.length).toString()).toBe(magic);
    const inner = whole.subarray(-8 * Math.floor((whole.length - magic.length) / 8));
    expect(inner.includes(point)).toBe(true);
  });

  test('ssh-keygen reads it, and finds the same public half', () => {
    const { secret, publicKey } = newKey('gcd-ada');
    const path = join(home, 'key');
    writeFileSync(path, secret, { mode: 0o600 });
    const { stdout, error } = spawnSync('ssh-keygen', ['-y', '-f', path], { encoding: 'utf8' });
    // Where there is none, the format above stands alone.
    if (error) expect((error as NodeJS.ErrnoException).code).toBe('ENOENT');
    else expect(stdout.trim()).toBe(publicKey);
  });
});
