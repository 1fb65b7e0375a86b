/** What to say when packages could not be installed. */
import { InstallFailed } from '../../../../core/errors/errors.ts';
import type { Entry } from '../requirements/requirement.ts';
import { explain, fullDisk } from './explain-pip-output.ts';

export interface Failed {
  /** pip's output, a line each. */
  output: string[];
  /** What pip was given, so that its line numbers become those of the user's file. */
  entries: Entry[];
  /** Path of the file that pip was given. */
  given: string;
  /** Path of the file with the whole output. */
  log: string;
  /** Folder of the cache. */
  cache: string;
  /** Version of Python. */
  version: string;
}

/** Lines of pip's output that are shown. */
const mostLines = 12;

export function installFailed(failed: Failed): InstallFailed {
  const lines = telling(failed.output).map((line) => placed(line, failed).trimEnd());
  const [title, hint] = explain(failed.output.join('\n'), failed);
  const shown = lines.map((line) => `  ${line}`).join('\n');
  const list = failed.entries[0]?.file === 'pyproject.toml' ? 'pyproject.toml' : 'requirements.txt';
  return new InstallFailed(`${list}: ${title}\n${shown}\nAll that pip said: ${failed.log}`, {
    hint,
  });
}

/** The lines that say what is wrong: pip's errors, or the last of what there is. */
function telling(output: string[]): string[] {
  const noise = /^\s*(?:\[notice\]|WARNING: Retrying|hint:|note:|$)/;
  const lines = output.filter((line) => !noise.test(line)).map(shortened);
  const first = lines.findIndex((line) => /^\s*(?:ERROR|error|fatal)\b/i.test(line));
  if (first < 0) return lines.slice(-mostLines);
  // A box with what a compiler said: its last lines tell.
  const box = lines.findIndex((line) => line.includes('╰─> ['));
  const end = lines.findIndex((line, index) => index > box && line.includes('[end of output]'));
  if (box >= 0) return [lines[first]!, ...lines.slice(box + 1, end < 0 ? undefined : end).slice(-mostLines)];
  // What follows an error explains it: a conflict's list of who wants what.
  return lines.slice(first).slice(0, mostLines);
}

/** A list of a hundred versions is cut to the newest ones. */
const shortened = (line: string): string =>
  line.replace(/\(from versions: ([^)]*)\)/, (whole, all: string) => {
    const versions = all.split(', ');
    return versions.length > 6 ? `(from versions: …, ${versions.slice(-5).join(', ')})` : whole;
  });

/** pip names the list that it was given; the user knows requirements.txt. */
function placed(line: string, { entries, given }: Failed): string {
  const path = given.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const placeOf = (whole: string, one = '', other = '') => {
    const entry = entries[Number(one || other) - 1];
    return entry ? `${entry.file}, line ${entry.line}` : whole;
  };
  return line
    .replaceAll(new RegExp(`-r ${path} \\(line (\\d+)\\)|line (\\d+) of ${path}`, 'g'), placeOf)
    .replaceAll(given, 'requirements.txt');
}

/** For `python -m venv` that failed. */
export function venvFailed(output: string[], version: string, log: string, cache: string): InstallFailed {
  const lines = output.filter((line) => line.trim() !== '').slice(-6);
  const [title, hint] = fullDisk(output.join('\n'), cache) ?? [
    `no virtual environment could be made with Python ${version}`,
    withoutVenv(version),
  ];
  return new InstallFailed(
    `${title}\n${lines.map((line) => `  ${line}`).join('\n')}\nAll that was said: ${log}`,
    { hint },
  );
}

/** For a Python of which Debian has put parts into other packages. */
export function cannotMakeVenv({
  executable,
  version,
}: {
  executable: string;
  version: string;
}): InstallFailed {
  return new InstallFailed(
    `${executable} cannot make virtual environments: its modules venv and ensurepip are missing`,
    { hint: withoutVenv(version) },
  );
}

/** How to fix a Python that cannot make virtual environments. */
export function withoutVenv(version: string): string {
  const short = version.split('.').slice(0, 2).join('.');
  return `On Debian and Ubuntu: \`sudo apt install python3-venv\` (or python${short}-venv). Elsewhere write another Python in config.yaml (\`python:\`).`;
}

/** What a system error while writing the cache means; anything else is given back. */
export function cacheFailed(error: unknown, cache: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  const [title, hint] = fullDisk(message, cache) ?? [
    `the cache folder cannot be written: ${message}`,
    `See that ${cache} belongs to you, or let XDG_CACHE_HOME name another folder.`,
  ];
  return new InstallFailed(title, { hint, cause: error });
}
