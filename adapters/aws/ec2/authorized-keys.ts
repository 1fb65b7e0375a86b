/** Scripts for a bastion: who may log in to it, and until when. */
import { notReady } from './run-command.ts';

/** Where things are on the machine; elsewhere in tests. */
export interface SshPlaces {
  /** Who logs in. */
  user: string;
  home: string;
  /** The public half of sshd's. */
  hostKey: string;
}

/** Lines that `debug` wrote; those of versions before 0.2.0 have no end. */
const ours = '^(expiry-time="[0-9]*" )?ssh-ed25519 [A-Za-z0-9+/=]* gcd-[A-Za-z0-9-]*$';

/**
 * Lets a key in until then, in place of what was said of it before; sshd itself refuses it after that. Keys that `debug`
 * let in and whose time is over go, and such without an end. Prints the machine's own public key.
 * @param publicKey as OpenSSH writes it
 * @param until seconds since 1970; sshd reads it in the machine's own zone (sshd(8), expiry-time)
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

/** Lets a key in no longer. @param publicKey null: all keys that `debug` let in */
export const letOutScript = (places: SshPlaces, publicKey: string | null): string => `set -eu
${editing(places)}
awk -v key='${publicKey === null ? '' : `${keyOf(publicKey)} `}' -v ours='${ours}' '
  key == "" ? $0 ~ ours : index($0, key) { next }
  { print }' "$file" > "$file.new"
${putInPlace(places)}
`;

/** Without its remark: letters, digits and what base64 has besides, so quotes hold it. */
const keyOf = (publicKey: string): string => {
  const [key] = /^ssh-ed25519 [A-Za-z0-9+/=]+/.exec(publicKey) ?? [];
  if (key === undefined) throw new Error('this is no public half of an ed25519 key');
  return key;
};

/** One at a time. */
const editing = ({ user, home }: SshPlaces): string => `file=${home}/.ssh/authorized_keys
install -d -m 700 -o ${user} -g "$(id -gn ${user})" ${home}/.ssh
exec 9> ${home}/.ssh/gcd-sfn.lock
flock 9
touch "$file"`;

/** In one step: whoever logs in meanwhile finds the whole of it. */
const putInPlace = ({ user }: SshPlaces): string => `chown ${user} "$file.new"
chmod 600 "$file.new"
mv -f "$file.new" "$file"`;
