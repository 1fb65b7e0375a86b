/** What pip's output means, and what to do about it. */
import { unreachable } from './relax.ts';

/** @returns undefined when the text tells of no full disk */
export function fullDisk(text: string, cache: string): [string, string] | undefined {
  if (!/no space left on device|ENOSPC|Errno 28|EDQUOT|Disk quota exceeded/i.test(text)) return undefined;
  return [
    'the disk is full',
    `Free some space where ${cache} lies, or let XDG_CACHE_HOME name a folder on another disk.`,
  ];
}

/** What is wrong, in a few words, and how to mend it. @param text pip's output */
export function explain(
  text: string,
  { version, cache }: { version: string; cache: string },
): [string, string] {
  const full = fullDisk(text, cache);
  if (full) return full;
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
  if (/\(from versions: |No matching distribution/.test(text)) {
    const [, has] = /\(from versions: (?!none)([^)]*)\)/.exec(text) ?? [];
    if (has)
      return [
        `a version cannot be had for Python ${version}`,
        `Take one of ${newest(has.split(', ')).join(', ')}, or write another Python in config.yaml, e.g. \`python: "3.10"\`.`,
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

/** The last few, without those that are not finished, such as 1.0a1, unless there are no others. */
function newest(versions: string[]): string[] {
  const finished = versions.filter((version) => /^[\d.!]+(\.?post\d+)?$/.test(version));
  return (finished.length > 0 ? finished : versions).slice(-5);
}
