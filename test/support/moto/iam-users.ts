/** Users of moto's IAM, and moto judging what they ask. At conditions test/support/iam/judge-requests.ts looks, when moto is stopped. */
import type { Moto } from './moto.ts';

export type Keys = { AWS_ACCESS_KEY_ID: string; AWS_SECRET_ACCESS_KEY: string };

async function ask(moto: Moto, parameters: Record<string, string>): Promise<string> {
  const answer = await fetch(moto.endpoint, {
    method: 'POST',
    headers: { authorization: 'AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/iam/aws4_request' },
    body: new URLSearchParams({ ...parameters, Version: '2010-05-08' }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${parameters.Action}: ${answer.status} ${text}`);
  return text;
}

/** Makes a user that may do what the statements say. */
export async function newUser(moto: Moto, UserName: string, Statement: unknown[]): Promise<Keys> {
  await ask(moto, { Action: 'CreateUser', UserName });
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await ask(moto, { Action: 'PutUserPolicy', UserName, PolicyName: UserName, PolicyDocument });
  const key = await ask(moto, { Action: 'CreateAccessKey', UserName });
  const found = (tag: string) => new RegExp(`<${tag}>([^<]+)<`).exec(key)?.[1] ?? '';
  return { AWS_ACCESS_KEY_ID: found('AccessKeyId'), AWS_SECRET_ACCESS_KEY: found('SecretAccessKey') };
}

/** From now on moto asks its policies; or takes whatever comes, as at its beginning. */
export async function judge(moto: Moto, strict: boolean): Promise<void> {
  await fetch(`${moto.endpoint}/moto-api/reset-auth`, { method: 'POST', body: strict ? '0' : 'inf' });
}
