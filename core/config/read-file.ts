/** Finds and reads a project's configuration files. */
import { isUtf8 } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigInvalid, ProjectInvalid } from '../errors/errors.ts';

const names = ['config.yaml', 'config.yml'];
const maxBytes = 2 ** 20;
const which = 'Name the folder with --project FOLDER; gcd-sfn init creates a new one.';

/**
 * Text of config.yaml or config.yml, without a byte order mark, and the name of the file.
 * @throws ProjectInvalid when the folder or the file is missing or cannot be read
 * @throws ConfigInvalid when both exist, or when it is not UTF-8
 */
export async function readConfig(projectDir: string): Promise<{ name: string; source: string }> {
  const folder = await stat(projectDir).catch(() => null);
  if (!folder) throw new ProjectInvalid(`There is no folder ${projectDir}.`, { hint: which });
  if (!folder.isDirectory())
    throw new ProjectInvalid(`${projectDir} is a file, not a project folder.`, { hint: which });

  const found = await Promise.all(names.map((name) => bytesOf(join(projectDir, name))));
  const [name, other] = names.filter((_, index) => found[index]);
  if (!name) throw new ProjectInvalid(`There is no config.yaml in ${projectDir}.`, { hint: which });
  if (other) {
    throw new ConfigInvalid(
      `${projectDir} has both ${name} and ${other}: only one is allowed; delete ${other}.`,
    );
  }
  return { name, source: decode(found.find((bytes) => bytes)!, name) };
}

/**
 * Text of another file of the project, without a byte order mark; undefined when it does not exist.
 * @throws ProjectInvalid when it cannot be read, ConfigInvalid when it is not UTF-8
 */
export async function readOptional(projectDir: string, name: string): Promise<string | undefined> {
  const bytes = await bytesOf(join(projectDir, name));
  return bytes === null ? undefined : decode(bytes, name);
}

async function bytesOf(file: string): Promise<Buffer | null> {
  try {
    if ((await stat(file)).isFile()) return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new ProjectInvalid(`${file} cannot be read: ${(error as Error).message}.`, { cause: error });
  }
  throw new ProjectInvalid(`${file} is not a file.`);
}

function decode(bytes: Buffer, name: string): string {
  if (bytes.length > maxBytes)
    throw new ConfigInvalid(`${name}:1:1: is larger than 1 MiB: this cannot be a configuration`);
  const source = new TextDecoder().decode(bytes);
  if (isUtf8(bytes)) return source;
  const before = source.slice(0, source.indexOf('\uFFFD')).split('\n');
  throw new ConfigInvalid(
    `${name}:${before.length}:${before.at(-1)!.length + 1}: is not UTF-8: save the file as UTF-8 in your editor`,
  );
}
