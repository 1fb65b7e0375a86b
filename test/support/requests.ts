/** What test/moto/check_requests.py has found. */
import { expect } from '@jest/globals';
import type { Moto } from './moto.ts';

/** Stops the server, and fails when it was sent something that AWS would not take: the end of every suite on it. */
export async function stopChecked(moto: Moto | undefined): Promise<void> {
  const wrong = moto ? await violations(moto) : [];
  await moto?.stop();
  expect(wrong).toEqual([]);
}

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
