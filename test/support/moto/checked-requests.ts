/** What test/moto/check_requests.py has found. */
import type { Moto } from './moto.ts';

/** Requests that AWS would not take, a line each. */
export async function violations(moto: Moto): Promise<string[]> {
  const list = (await (await fetch(`${moto.endpoint}/_requests/violations`)).json()) as {
    operation: string;
    mistakes: string[];
  }[];
  return list.map(({ operation, mistakes }) => `${operation}: ${mistakes.join('; ')}`);
}

/** How often each operation was checked, by names such as `sqs:CreateQueue`. */
export async function checkedRequests(moto: Moto): Promise<Record<string, number>> {
  return (await fetch(`${moto.endpoint}/_requests/checked`)).json() as Promise<Record<string, number>>;
}

export async function forgetRequests(moto: Moto): Promise<void> {
  await fetch(`${moto.endpoint}/_requests/violations`, { method: 'DELETE' });
}
