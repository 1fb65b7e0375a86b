/** What the looks at quotas find, in sentences. */
import { AccessDenied, GcdError } from '../../../core/errors/errors.ts';
import type { Quota } from '../../../ports/cluster/quotas.ts';

export interface Finding {
  /** `ok`: all that is wanted is there. `impossible`: nothing of it can be. */
  level: 'ok' | 'note' | 'impossible';
  says: string;
  hint?: string;
  /** It is about what AWS has, not about what the account may have. */
  isOffer?: boolean;
}

/** How to ask AWS for more. @param wanted the value that would do */
export function askFor({ service, code, limit }: Quota, wanted: number, region: string): string {
  const value = Math.max(Math.ceil(wanted), Math.floor(limit) + 1);
  return [
    `Ask for more: aws service-quotas request-service-quota-increase --region ${region} --service-code ${service} --quota-code ${code} --desired-value ${value}`,
    `or https://${region}.console.aws.amazon.com/servicequotas/home/services/${service}/quotas/${code}`,
  ].join('\n');
}

/** What one look found, or that it could not look: never a reason not to go on. */
export async function looked(
  what: string,
  look: () => Promise<Finding | Finding[] | undefined>,
): Promise<Finding[]> {
  try {
    return [(await look()) ?? []].flat();
  } catch (error) {
    if (!(error instanceof GcdError)) throw error;
    const hint = error instanceof AccessDenied ? error.hint : undefined;
    return [
      { level: 'note', says: `${what} could not be looked at: ${error.message}`, ...(hint && { hint }) },
    ];
  }
}
