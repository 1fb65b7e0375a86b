/** Tells where a command's AWS credentials come from. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { awsSettings } from '../../core/config/dotenv.ts';
import { escapeControlChars } from '../terminal/escape-control-chars.ts';
import { color } from '../terminal/output.ts';
import { shownPath } from '../terminal/paths.ts';

type Variables = Record<string, string | undefined>;

/**
 * A `.env` may have come with somebody's project: the text says when it overrides the user's profile.
 * @param folder working directory of the command
 */
export async function credentialsSource(
  folder: string,
  environment: Variables = process.env,
  home = homedir(),
): Promise<string> {
  if (environment.AWS_ACCESS_KEY_ID && environment.AWS_SECRET_ACCESS_KEY) return 'those of your environment';
  const profile = environment.AWS_PROFILE || environment.AWS_DEFAULT_PROFILE;
  const isFromFile = (await awsSettings(folder, {})).accessKeyId !== null;
  if (!isFromFile)
    return profile ? `those of your profile ${profile}` : 'those of your profile, or of this machine';
  const hasProfile = ['credentials', 'config'].some((name) => existsSync(join(home, '.aws', name)));
  const instead = profile ? `, not of your profile ${profile}` : hasProfile ? ', not of your profile' : '';
  return `those of ${shownPath(join(folder, '.env'))}${instead}`;
}

/** Prints one line. */
export async function showCredentialsSource(
  print: (line: string) => void = (line) => console.error(line),
): Promise<void> {
  const text = escapeControlChars(await credentialsSource(process.cwd()));
  print(`  ${color.dim('keys'.padEnd(8))} ${text.includes(', not of') ? color.yellow(text) : text}`);
}
