/** Findings of the account checks: their wording, output and effect. */
import { AccessDenied, CapacityUnavailable, GcdError, QuotaExceeded } from '../../../core/errors/errors.ts';
import type { Quota } from '../../../ports/cluster/quotas.ts';
import { color } from '../../terminal/output.ts';

export interface Finding {
  /** `ok`: enough for everything. `impossible`: not enough for anything. */
  level: 'ok' | 'note' | 'impossible';
  says: string;
  hint?: string;
  /** About what AWS offers, not about the account's quota. */
  isOffer?: boolean;
}

/** How to request a higher quota. @param wanted value that would be enough */
export function increaseHint({ service, code, limit }: Quota, wanted: number, region: string): string {
  const value = Math.max(Math.ceil(wanted), Math.floor(limit) + 1);
  return [
    `Request an increase: aws service-quotas request-service-quota-increase --region ${region} --service-code ${service} --quota-code ${code} --desired-value ${value}`,
    `or https://${region}.console.aws.amazon.com/servicequotas/home/services/${service}/quotas/${code}`,
  ].join('\n');
}

/** Runs one check. A check that fails becomes a note: it never stops a command. */
export async function attempt(
  what: string,
  check: () => Promise<Finding | Finding[] | undefined>,
): Promise<Finding[]> {
  try {
    return [(await check()) ?? []].flat();
  } catch (error) {
    if (!(error instanceof GcdError)) throw error;
    const hint = error instanceof AccessDenied ? error.hint : undefined;
    return [{ level: 'note', says: `cannot check ${what}: ${error.message}`, ...(hint && { hint }) }];
  }
}

/** Prints all findings but those of level `ok`. */
export function showFindings(
  findings: Finding[],
  print: (line: string) => void = (line) => console.error(line),
): void {
  for (const { level, says, hint = '' } of findings) {
    if (level === 'ok') continue;
    const label = level === 'impossible' ? color.red('account '.padEnd(8)) : color.dim('account '.padEnd(8));
    print(`  ${label} ${says}`);
    for (const line of hint.split('\n').filter(Boolean)) print(`           ${line}`);
  }
}

/** @throws QuotaExceeded, CapacityUnavailable for the first finding of level `impossible` */
export function refuseImpossible(findings: Finding[]): void {
  const [first] = findings.filter(({ level }) => level === 'impossible');
  if (!first) return;
  const { says, hint, isOffer = false } = first;
  const given = hint === undefined ? {} : { hint };
  throw isOffer ? new CapacityUnavailable(says, given) : new QuotaExceeded(says, given);
}
