/** The address from which this machine comes to AWS. */
import { isIP } from 'node:net';
import { Unreachable, UsageError } from '../../ports/errors.ts';

const service = 'https://checkip.amazonaws.com';
const patienceMs = 10_000;

/**
 * As security groups take it: `198.51.100.7/32`.
 * @param given an address, or a block of them; undefined: AWS is asked
 * @throws UsageError, Unreachable
 */
export async function callerAddress(given: string | undefined, get = ask): Promise<string> {
  const address = given ?? (await get());
  const [ip = '', bits] = address.split('/');
  const kind = isIP(ip);
  const whole = kind === 6 ? 128 : 32;
  const size = bits === undefined ? whole : Number(bits);
  if (kind !== 0 && /^\d+$/.test(bits ?? '0') && size >= 8 && size <= whole) return `${ip}/${size}`;
  if (given === undefined) throw new Unreachable(`${service} does not say this machine's address`, { mend });
  throw new UsageError(`'${given}' is no address that port 22 can be opened for`, {
    mend: 'Such as 198.51.100.7, or 198.51.100.0/24; to open it for everybody is refused.',
  });
}

const mend = 'Give it: gcd-sfn debug --address 198.51.100.7';

async function ask(): Promise<string> {
  try {
    const answer = await fetch(service, { signal: AbortSignal.timeout(patienceMs) });
    return (await answer.text()).trim();
  } catch (error) {
    throw new Unreachable(`${service} cannot be asked for this machine's address`, { mend, cause: error });
  }
}
