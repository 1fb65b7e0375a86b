/** Checks for AWS credentials. They are neither tried nor shown. */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { awsSettings } from '../../core/config/dotenv.ts';
import { type Check, checked, note, ok } from './check.ts';

type Variables = Record<string, string | undefined>;

/** @param folder working directory of the command, which may contain `.env` */
export function awsCheck(folder: string, env: Variables): Promise<Check> {
  return checked('AWS', async () => {
    const { accessKeyId, region } = await awsSettings(folder, env);
    const source = accessKeyId === null ? await otherSource(env) : 'keys in the environment or .env';
    if (source === undefined)
      return note(
        'no credentials found; only data in S3 needs them',
        'Put AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_DEFAULT_REGION into a file .env here, or run: aws configure',
      );
    return ok(`${source}, ${region === null ? 'no region' : `region ${region}`}; not tried yet`);
  });
}

/** Other sources of credentials that the AWS SDK uses. */
async function otherSource(env: Variables): Promise<string | undefined> {
  if (env.AWS_WEB_IDENTITY_TOKEN_FILE) return 'a web identity';
  if (env.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI || env.AWS_CONTAINER_CREDENTIALS_FULL_URI)
    return "a container's role";
  const home = env.HOME ?? homedir();
  const profile = env.AWS_PROFILE || 'default';
  const credentials = await text(env.AWS_SHARED_CREDENTIALS_FILE || join(home, '.aws', 'credentials'));
  const config = await text(env.AWS_CONFIG_FILE || join(home, '.aws', 'config'));
  const sections = [...`${credentials}\n${config}`.matchAll(/^\s*\[\s*(?:profile\s+)?([^\]]+?)\s*\]/gm)];
  if (sections.some(([, name]) => name === profile)) return `profile ${profile}`;
  return undefined;
}

const text = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');
