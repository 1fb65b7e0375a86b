/** AWS settings from the environment and from `.env`, as the predecessor read them. Values are never logged. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { ProjectInvalid } from '../errors/errors.ts';

/** Keys and region that the user set; null leaves them to the SDK's own chain: environment, profiles, SSO, roles. */
export interface AwsAccess {
  /** Null exactly when secretAccessKey is null. */
  accessKeyId: string | null;
  secretAccessKey: string | null;
  /** Only with temporary keys. */
  sessionToken: string | null;
  region: string | null;
}

type Variables = Record<string, string | undefined>;

/**
 * Static keys and region, null where not set. The environment takes precedence over the file; the keys come as a set from
 * one of the two, never mixed.
 * @param folder - working directory of the command, which may contain `.env`
 * @throws ProjectInvalid when `.env` exists but cannot be read
 */
export async function awsSettings(folder: string, environment: Variables = process.env): Promise<AwsAccess> {
  const file = await readVariables(join(folder, '.env'));
  const keys = credentials(environment) ?? credentials(file);
  return {
    accessKeyId: keys?.accessKeyId ?? null,
    secretAccessKey: keys?.secretAccessKey ?? null,
    sessionToken: keys?.sessionToken ?? null,
    region: region(environment) ?? region(file),
  };
}

function credentials(from: Variables): Omit<AwsAccess, 'region'> | null {
  const accessKeyId = from.AWS_ACCESS_KEY_ID;
  const secretAccessKey = from.AWS_SECRET_ACCESS_KEY;
  if (!accessKeyId || !secretAccessKey) return null;
  return { accessKeyId, secretAccessKey, sessionToken: from.AWS_SESSION_TOKEN || null };
}

const region = (from: Variables) => from.AWS_REGION || from.AWS_DEFAULT_REGION || null;

async function readVariables(file: string): Promise<Variables> {
  try {
    return parseEnv((await readFile(file, 'utf8')).replace(/^\uFEFF/, ''));
  } catch (error) {
    // A folder named .env is a virtual environment.
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR') return {};
    throw new ProjectInvalid(`${file} cannot be read: ${code}.`, { hint: 'Make it readable, or delete it.' });
  }
}
