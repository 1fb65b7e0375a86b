/** The key with which somebody comes to a bastion. Its private half is made here, and never leaves this disk. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../core/errors/errors.ts';

export interface SshKey {
  /** Of the key pair, `gcd-ada`. */
  name: string;
  /** Of the private half. */
  path: string;
  /** The public half in a line, as OpenSSH writes it. */
  publicKey: string;
}

/** Makes the key, or takes the one that is there. @param person name in IAM */
export function sshKey(person: string, home = homedir()): SshKey {
  const name = `gcd-${person.replace(/[^A-Za-z0-9-]+/g, '-')}`;
  const folder = join(home, '.ssh');
  const path = join(folder, `${name}.pem`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    const publicKey = readFileSync(`${path}.pub`, 'utf8').trim();
    readFileSync(path);
    // It becomes part of a command on the machine.
    if (!/^ssh-ed25519 [A-Za-z0-9+/=]+( [\w@.-]+)?$/.test(publicKey))
      throw new UsageError(`${path}.pub is not the public half of an ed25519 key`, {
        hint: `Remove ${path} and ${path}.pub: new ones are made.`,
      });
    // Whoever copied it may have left it open to others, which ssh refuses.
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
/** What is secret in it is padded to whole blocks of this, when nothing encrypts it. */
const block = 8;

/** An ed25519 pair in OpenSSH's own format: older ssh clients read no other for such keys. */
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
