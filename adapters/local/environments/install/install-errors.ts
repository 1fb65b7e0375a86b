/** The errors of an installation that failed. */
import { InstallFailed } from '../../../../core/errors/errors.ts';
import type { Entry } from '../requirements/requirement.ts';
import { cacheNotWritable, explainFullDisk, explainPipOutput } from './explain-pip-output.ts';

export interface PipFailure {
  /** pip's output, by lines. */
  output: string[];
  /** The requirements that pip got, to translate its line numbers into those of the user's files. */
  entries: Entry[];
  /** Path of the requirements file that pip got. */
  requirementsFile: string;
  /** Path of the file with the complete output. */
  log: string;
  /** Absolute path of the cache folder. */
  cache: string;
  /** Version of Python. */
  version: string;
}

/** Maximum number of lines of pip's output in a message. */
const maxLines = 12;

export function installFailed(failure: PipFailure): InstallFailed {
  const lines = errorLines(failure.output).map((line) => withUserPlaces(line, failure).trimEnd());
  const [title, hint] = explainPipOutput(failure.output.join('\n'), failure);
  const shown = lines.map((line) => `  ${line}`).join('\n');
  const list = failure.entries[0]?.file === 'pyproject.toml' ? 'pyproject.toml' : 'requirements.txt';
  return new InstallFailed(`${list}: ${title}\n${shown}\nComplete output of pip: ${failure.log}`, { hint });
}

/** The lines with pip's errors; without any, the last lines. */
function errorLines(output: string[]): string[] {
  const noise = /^\s*(?:\[notice\]|WARNING: Retrying|hint:|note:|$)/;
  const lines = output.filter((line) => !noise.test(line)).map(shortenVersions);
  const first = lines.findIndex((line) => /^\s*(?:ERROR|error|fatal)\b/i.test(line));
  if (first < 0) return lines.slice(-maxLines);
  // In a box with a compiler's output, the error is at the end.
  const box = lines.findIndex((line) => line.includes('╰─> ['));
  const end = lines.findIndex((line, index) => index > box && line.includes('[end of output]'));
  if (box >= 0) return [lines[first]!, ...lines.slice(box + 1, end < 0 ? undefined : end).slice(-maxLines)];
  // The lines after an error explain it, e.g. which packages conflict.
  return lines.slice(first).slice(0, maxLines);
}

/** Shortens a list of a hundred versions to the newest ones. */
const shortenVersions = (line: string): string =>
  line.replace(/\(from versions: ([^)]*)\)/, (whole, all: string) => {
    const versions = all.split(', ');
    return versions.length > 6 ? `(from versions: …, ${versions.slice(-5).join(', ')})` : whole;
  });

/** Replaces pip's temporary requirements file by the user's file and line. */
function withUserPlaces(line: string, { entries, requirementsFile }: PipFailure): string {
  const path = requirementsFile.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const placeOf = (whole: string, one = '', other = '') => {
    const entry = entries[Number(one || other) - 1];
    return entry ? `${entry.file}, line ${entry.line}` : whole;
  };
  return line
    .replaceAll(new RegExp(`-r ${path} \\(line (\\d+)\\)|line (\\d+) of ${path}`, 'g'), placeOf)
    .replaceAll(requirementsFile, 'requirements.txt');
}

/** `python -m venv` failed. */
export function venvFailed(output: string[], version: string, log: string, cache: string): InstallFailed {
  const lines = output.filter((line) => line.trim() !== '').slice(-6);
  const [title, hint] = explainFullDisk(output.join('\n'), cache) ?? [
    `Python ${version} could not create a virtual environment`,
    venvHint(version),
  ];
  return new InstallFailed(
    `${title}\n${lines.map((line) => `  ${line}`).join('\n')}\nComplete output: ${log}`,
    { hint },
  );
}

/** The Python has no venv module: Debian has it in a separate package. */
export function venvMissing({ executable, version }: { executable: string; version: string }): InstallFailed {
  return new InstallFailed(
    `${executable} cannot create virtual environments: its modules venv and ensurepip are missing`,
    { hint: venvHint(version) },
  );
}

/** How to get a Python that can create virtual environments. */
export function venvHint(version: string): string {
  const short = version.split('.').slice(0, 2).join('.');
  return `On Debian and Ubuntu: \`sudo apt install python3-venv\` (or python${short}-venv). Elsewhere set another Python in config.yaml (\`python:\`).`;
}

/** Turns a system error while writing the cache into an InstallFailed; returns other errors unchanged. */
export function cacheFailed(error: unknown, cache: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  const [title, hint] = explainFullDisk(message, cache) ?? [
    `the cache folder cannot be written: ${message}`,
    cacheNotWritable(cache),
  ];
  return new InstallFailed(title, { hint, cause: error });
}
