/** Shell scripts that let a key in to a bastion until a time, and out. */
import { notReady } from './run-command.ts';

/** Paths on the bastion; others in tests. */
export interface SshPlaces {
  /** Whose keys they are. */
  user: string;
  home: string;
  /** The public half of sshd's key. */
  hostKey: string;
}

/** Lines that `debug` wrote; those of versions before 0.2.0 have no time. */
const ours = '^(expiry-time="[0-9]*" )?ssh-ed25519 [A-Za-z0-9+/=]* gcd-[A-Za-z0-9-]*$';

/**
 * Lets a key in until a time, after which sshd refuses it; replaces an earlier line with the key. Deletes the lines of
 * `debug` that have expired or have no time. Prints the host's public key.
 * @param publicKey in OpenSSH's format
 * @param until seconds since 1970; sshd reads times in the machine's timezone (sshd(8), expiry-time)
 */
export const letInScript = (places: SshPlaces, publicKey: string, until: number): string => {
  const key = keyOf(publicKey);
  const name = /^gcd-[A-Za-z0-9-]+$/.exec(publicKey.trim().split(' ')[2] ?? '')?.[0] ?? 'gcd-debug';
  return `set -eu
[ -s ${places.hostKey} ] || exit ${notReady}
${editing(places)}
end=$(date -d @${Math.floor(until)} +%Y%m%d%H%M%S)
awk -v now="$(date +%Y%m%d%H%M%S)" -v key='${key} ' -v ours='${ours}' '
  index($0, key) { next }
  $0 ~ ours && (!/^expiry-time=/ || substr($0, 14, 14) <= now) { next }
  { print }' "$file" > "$file.new"
echo "expiry-time=\\"$end\\" ${key} ${name}" >> "$file.new"
${putInPlace(places)}
cat ${places.hostKey}
`;
};

/** Deletes a key. @param publicKey null: all keys that `debug` let in */
export const letOutScript = (places: SshPlaces, publicKey: string | null): string => `set -eu
${editing(places)}
awk -v key='${publicKey === null ? '' : `${keyOf(publicKey)} `}' -v ours='${ours}' '
  key == "" ? $0 ~ ours : index($0, key) { next }
  { print }' "$file" > "$file.new"
${putInPlace(places)}
`;

/** Type and key without the comment: only characters of base64, so that quotes hold it. */
const keyOf = (publicKey: string): string => {
  const [key] = /^ssh-ed25519 [A-Za-z0-9+/=]+/.exec(publicKey) ?? [];
  if (key === undefined) throw new Error('this is no public half of an ed25519 key');
  return key;
};

/** Under a lock. */
const editing = ({ user, home }: SshPlaces): string => `file=${home}/.ssh/authorized_keys
install -d -m 700 -o ${user} -g "$(id -gn ${user})" ${home}/.ssh
exec 9> ${home}/.ssh/gcd-sfn.lock
flock 9
touch "$file"`;

/** Atomic: a login meanwhile finds the complete file. */
const putInPlace = ({ user }: SshPlaces): string => `chown ${user} "$file.new"
chmod 600 "$file.new"
mv -f "$file.new" "$file"`;
