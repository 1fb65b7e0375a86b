/** The public IPv4 address of this machine, as AWS sees it. */

import { isIP } from 'node:net';
import { Unreachable, UsageError } from '../../../core/errors/errors.ts';
import { formatCount } from '../../../core/format/numbers.ts';

const service = 'https://checkip.amazonaws.com';
const timeoutMs = 10_000;
/** Shortest prefix that is accepted: a network of 256 addresses. */
const minPrefixLength = 24;

/**
 * A CIDR as security groups store it: `198.51.100.7/32`, or `198.51.100.0/24`.
 * @param given an IPv4 address, or a network of up to 256; undefined: asks checkip.amazonaws.com
 * @throws UsageError, Unreachable
 */
export async function callerAddress(given: string | undefined, get = fetchAddress): Promise<string> {
  const address = given ?? (await get());
  const [ip = '', bits, ...more] = address.split('/');
  const isCidr = (bits === undefined || /^\d{1,2}$/.test(bits)) && more.length === 0;
  const size = bits === undefined ? 32 : Number(bits);
  if (isIP(ip) === 4 && isCidr && size >= minPrefixLength && size <= 32) return network(ip, size);
  if (given === undefined)
    throw new Unreachable(`${service} did not return this machine's address`, { hint });
  const refused = `port 22 cannot be opened for '${given}'`;
  if (isIP(ip) === 6) throw new UsageError(`${refused}: the bastion has no IPv6 address`, { hint: ownIpv4 });
  if (isIP(ip) === 4 && isCidr && size < minPrefixLength)
    throw new UsageError(`${refused}: that is ${formatCount(2 ** (32 - size))} addresses`, {
      hint: `${ownIpv4} A network has up to 256 addresses: ${ip}/${minPrefixLength}. From changing addresses use Session Manager, which needs no open port.`,
    });
  throw new UsageError(`${refused}: it is not an IPv4 address`, {
    hint: 'Examples: 198.51.100.7, or a network of up to 256 addresses: 198.51.100.0/24.',
  });
}

const ownIpv4 = `Give your own address, or omit --address: ${service} returns it.`;
const hint = 'Give it: gcd-sfn debug --address 198.51.100.7';

/** EC2 stores a rule under the network's first address, by which the rule is found again. */
function network(ip: string, size: number): string {
  const bytes = ip.split('.').map(Number);
  const last = (bytes[3] ?? 0) & (0xff << (32 - size));
  return `${[...bytes.slice(0, 3), last].join('.')}/${size}`;
}

async function fetchAddress(): Promise<string> {
  try {
    const answer = await fetch(service, { signal: AbortSignal.timeout(timeoutMs) });
    return (await answer.text()).trim();
  } catch (error) {
    throw new Unreachable(`${service} cannot be reached to find this machine's address`, {
      hint,
      cause: error,
    });
  }
}
