/** What an imitated account may have. */
import type { Moto } from './moto.ts';

/** @param quota with its code, as test/moto/patches/service_quotas.py knows it */
export async function giveQuota(
  { endpoint }: Pick<Moto, 'endpoint'>,
  { service, code }: { service: string; code: string | null },
  value: number,
  region = 'us-east-1',
): Promise<void> {
  const given = new URLSearchParams({ service, code: code ?? '', value: String(value), region });
  const answer = await fetch(`${endpoint}/moto-api/quotas?${given}`, { method: 'POST' });
  if (!answer.ok) throw new Error(`${service} ${code} could not be set: ${await answer.text()}`);
}
