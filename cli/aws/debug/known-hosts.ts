/** The bastions' known_hosts file. Host keys come from Systems Manager, so ssh need not trust the first answer. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { replaceFile } from '../../../adapters/local/replace-file.ts';
import { shellPath, shellWord } from '../../terminal/paths.ts';

/**
 * Writes an instance's host key to `~/.ssh/gcd-sfn.known_hosts`, replacing an older one.
 * @param id EC2 instance id, which stays when the address changes
 * @param hostKey `ssh-ed25519 AAAA…`
 * @returns path of the file
 */
export function keepHostKey(id: string, hostKey: string, home = homedir()): string {
  const path = join(home, '.ssh', 'gcd-sfn.known_hosts');
  const others = linesOf(path).filter((line) => line !== '' && !line.startsWith(`${id} `));
  replaceFile(path, `${[...others, `${id} ${hostKey}`].join('\n')}\n`, 0o600);
  return path;
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return [];
  }
}

/** The ssh command for an instance; the host key rules out another machine at the same address. */
export function sshCommand(to: {
  id: string;
  address: string;
  user: string;
  keyPath: string;
  knownHosts: string;
}): string {
  const options = [
    `UserKnownHostsFile=${/^[\w./-]+$/.test(to.knownHosts) ? to.knownHosts : `"${to.knownHosts}"`}`,
    `HostKeyAlias=${to.id}`,
    'StrictHostKeyChecking=yes',
  ];
  const given = options.map((option) => `-o ${optionWord(option)}`).join(' ');
  return `ssh -i ${shellPath(to.keyPath)} ${given} ${to.user}@${to.address}`;
}

/** Like shellWord, but `=` needs no quotes. */
const optionWord = (option: string): string => (/^[\w./=-]+$/.test(option) ? option : shellWord(option));
