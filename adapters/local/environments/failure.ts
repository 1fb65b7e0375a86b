/** What to say when packages could not be installed. */
import { InstallFailed } from '../../../ports/errors.ts';
import { unreachable } from './relax.ts';
import type { Entry } from './requirements.ts';

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
  const [title, mend] = explain(failed.output.join('\n'), failed);
  const shown = lines.map((line) => `  ${line}`).join('\n');
  return new InstallFailed(`requirements.txt: ${title}\n${shown}\nAll that pip said: ${failed.log}`, {
    mend,
  });
}

/** The lines that say what is wrong: pip's errors, or the last of what there is. */
function telling(output: string[]): string[] {
  const lines = output.filter(
    (line) => line.trim() !== '' && !/^\s*(?:\[notice\]|WARNING: Retrying|hint:|note:)/.test(line),
  );
  const errors = lines.filter((line) => /^\s*(?:ERROR|error|fatal)\b/i.test(line));
  const boxed = lines.findIndex((line) => /╰─>|output:$/.test(line));
  if (boxed >= 0) return [...new Set([...errors.slice(0, 2), ...lines.slice(boxed).slice(-mostLines)])];
  if (errors.length === 0) return lines.slice(-mostLines);
  const first = lines.indexOf(errors[0]!);
  // What stands between two errors explains the first one (a conflict's list of who wants what).
  return lines.slice(first).slice(0, mostLines);
}

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

/** Title and advice. */
function explain(text: string, { version, cache }: Failed): [string, string] {
  if (/No space left on device|Errno 28|Disk quota exceeded/.test(text))
    return [
      'the disk is full',
      `Free some space where ${cache} lies, or let XDG_CACHE_HOME name a folder on another disk.`,
    ];
  if (/Permission denied|Read-only file system/.test(text))
    return [
      'a file could not be written',
      `See that ${cache} belongs to you, or let XDG_CACHE_HOME name another folder.`,
    ];
  if (unreachable.test(text))
    return [
      'the package index could not be reached',
      'Check the network. Behind a proxy set HTTPS_PROXY; for a mirror set PIP_INDEX_URL; for a folder of wheels set PIP_NO_INDEX=1 and PIP_FIND_LINKS.',
    ];
  if (/Invalid requirement|Invalid (?:version )?specifier|no such option/.test(text))
    return ['a line is not understood', 'Each line is a package, e.g. `pandas==2.2.3` or `pandas>=2,<3`.'];
  if (/DO NOT MATCH THE HASHES|Hashes are required/.test(text))
    return [
      'the hashes do not fit',
      'Make the file anew with the tool that wrote the hashes, e.g. pip-compile --generate-hashes.',
    ];
  if (/ResolutionImpossible|conflicting dependencies/.test(text))
    return [
      'the packages exclude one another',
      'Loosen or remove one of the pinned versions, e.g. `pandas` instead of `pandas==1.3.5`.',
    ];
  if (/Requires-Python|requires a different Python/i.test(text))
    return [
      `a package is not for Python ${version}`,
      'Ask for another version of it, or write another Python in config.yaml, e.g. `python: "3.12"`.',
    ];
  if (/\(from versions: none\)|No matching distribution/.test(text)) {
    const [, has] = /\(from versions: (?!none)([^)]*)\)/.exec(text) ?? [];
    if (has)
      return [
        `a version cannot be had for Python ${version}`,
        `Take one of ${has.split(', ').slice(-5).join(', ')}, or write another Python in config.yaml, e.g. \`python: "3.10"\`.`,
      ];
    return [
      'a package was not found',
      `Is its name right? (pip's name, which is not always the module's: scikit-learn, not sklearn.) It may also have no build for Python ${version}.`,
    ];
  }
  if (/subprocess-exited-with-error|metadata-generation-failed|Failed (?:to build|building wheel)/.test(text))
    return [
      `a package has no ready-made build for Python ${version}, and could not be compiled`,
      'Ask for a newer version of it, write an older Python in config.yaml (e.g. `python: "3.10"`), or install what it needs (e.g. `sudo apt install build-essential python3-dev`).',
    ];
  return [
    'the packages could not be installed',
    'Run the same command by hand: `pip install -r requirements.txt`.',
  ];
}
