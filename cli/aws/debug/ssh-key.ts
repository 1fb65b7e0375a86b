/** A person's SSH key for bastions. The private key is generated here and never leaves this disk. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../../core/errors/errors.ts';

export interface SshKey {
  /** Name of the key pair, `gcd-ada`. */
  name: string;
  /** Path of the private key. */
  path: string;
  /** Public key as one line in OpenSSH's format. */
  publicKey: string;
}

/** Reads the key, or creates it. @param person IAM user or role name */
export function sshKey(person: string, home = homedir()): SshKey {
  const name = `gcd-${person.replace(/[^A-Za-z0-9-]+/g, '-')}`;
  const folder = join(home, '.ssh');
  const path = join(folder, `${name}.pem`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    const publicKey = readFileSync(`${path}.pub`, 'utf8').trim();
    readFileSync(path);
    // It becomes part of a command on the bastion.
    if (!/^ssh-ed25519 [A-Za-z0-9+/=]+( [\w@.-]+)?$/.test(publicKey))
      throw new UsageError(`${path}.pub is not an ed25519 public key`, {
        hint: `Delete ${path} and ${path}.pub: a new key is created.`,
      });
    // ssh refuses a key that others can read.
    chmodSync(path, 0o600);
    return { name, path, publicKey };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const { secret, publicKey } = newKey(name);
  writeFileSync(path, secret, { mode: 0o600 });
  chmodSync(path, 0o600);
  writeFileSync(`${path}.pub`, `${publicKey}\n`);
  return { name, path, publicKey };
}

const type = 'ssh-ed25519';
const columns = 70;
/** Block size of an unencrypted private section. */
const block = 8;

/** Generates an ed25519 key pair in OpenSSH's format, the only one that older ssh clients read. */
export function newKey(comment: string): { secret: string; publicKey: string } {
  const { privateKey } = generateKeyPairSync('ed25519');
  const { x = '', d = '' } = privateKey.export({ format: 'jwk' });
  const open = Buffer.from(x, 'base64url');
  const seed = Buffer.from(d, 'base64url');
  const publicBlob = Buffer.concat([text(type), sized(open)]);
  const check = randomBytes(4);
  const inner = Buffer.concat([
    ...[check, check, publicBlob],
    ...[sized(Buffer.concat([seed, open])), text(comment)],
  ]);
  const padding = Buffer.from(Array.from({ length: -inner.length & (block - 1) }, (_, n) => n + 1));
  const whole = Buffer.concat([
    ...[Buffer.from('openssh-key-v1\0'), text('none'), text('none'), text('')],
    ...[number(1), sized(publicBlob), sized(Buffer.concat([inner, padding]))],
  ]);
  const lines = whole.toString('base64').match(new RegExp(`.{1,${columns}}`, 'g')) ?? [];
  return {
    secret: `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join('\n')}\n-----END OPENSSH PRIVATE KEY-----\n`,
    publicKey: `${type} ${publicBlob.toString('base64')} ${comment}`,
  };
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
const sized = (bytes: Buffer): Buffer => Buffer.concat([number(bytes.length), bytes]);
const text = (value: string): Buffer => sized(Buffer.from(value));
