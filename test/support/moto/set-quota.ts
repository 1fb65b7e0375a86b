/** What an imitated account may have. */
import type { Moto } from './moto.ts';

/**
 * @param quota with its code, as test/moto/patches/service_quotas.py knows it
 * @param value as Service Quotas shows it
 * @param real what holds
 */
export async function giveQuota(
  { endpoint }: Pick<Moto, 'endpoint'>,
  { service, code }: { service: string; code: string | null },
  value: number,
  real = value,
): Promise<void> {
  const values = { value: String(value), real: String(real) };
  const given = new URLSearchParams({ service, code: code ?? '', ...values });
  const answer = await fetch(`${endpoint}/moto-api/quotas?${given}`, { method: 'POST' });
  if (!answer.ok) throw new Error(`${service} ${code} could not be set: ${await answer.text()}`);
}
