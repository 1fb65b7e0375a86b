/** The address from which this machine comes to AWS. */
import { isIP } from 'node:net';
import { Unreachable, UsageError } from '../../core/errors/errors.ts';

const service = 'https://checkip.amazonaws.com';
const patienceMs = 10_000;
/** At least so many bits of an address are given: a network of 256, such as a laboratory's. */
const leastBits = 24;

/**
 * As security groups take and keep it: `198.51.100.7/32`, or the first address of a network, `198.51.100.0/24`.
 * @param given an address of IPv4, or a network of up to 256; undefined: AWS is asked
 * @throws UsageError, Unreachable
 */
export async function callerAddress(given: string | undefined, get = ask): Promise<string> {
  const address = given ?? (await get());
  const [ip = '', bits, ...more] = address.split('/');
  const isWhole = (bits === undefined || /^\d{1,2}$/.test(bits)) && more.length === 0;
  const size = bits === undefined ? 32 : Number(bits);
  if (isIP(ip) === 4 && isWhole && size >= leastBits && size <= 32) return network(ip, size);
  if (given === undefined) throw new Unreachable(`${service} does not say this machine's address`, { hint });
  const refused = `port 22 cannot be opened for '${given}'`;
  if (isIP(ip) === 6)
    throw new UsageError(`${refused}: the bastion has no address of IPv6`, { hint: ownIpv4 });
  if (isIP(ip) === 4 && isWhole && size < leastBits)
    throw new UsageError(`${refused}: that are ${(2 ** (32 - size)).toLocaleString('en')} addresses`, {
      hint: `${ownIpv4} A network has up to 256 addresses: ${ip}/${leastBits}. Whoever comes from anywhere takes Session Manager, which needs no open port.`,
    });
  throw new UsageError(`${refused}: it is no address of IPv4`, {
    hint: 'Such as 198.51.100.7, or a network of up to 256 addresses: 198.51.100.0/24.',
  });
}

const ownIpv4 = `Give your own address, or leave --address out: ${service} says it.`;
const hint = 'Give it: gcd-sfn debug --address 198.51.100.7';

/** EC2 keeps a rule by the first address of its network, and so it is found again when it is closed. */
function network(ip: string, size: number): string {
  const bytes = ip.split('.').map(Number);
  const last = (bytes[3] ?? 0) & (0xff << (32 - size));
  return `${[...bytes.slice(0, 3), last].join('.')}/${size}`;
}

async function ask(): Promise<string> {
  try {
    const answer = await fetch(service, { signal: AbortSignal.timeout(patienceMs) });
    return (await answer.text()).trim();
  } catch (error) {
    throw new Unreachable(`${service} cannot be asked for this machine's address`, { hint, cause: error });
  }
}
