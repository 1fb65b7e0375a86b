/** What pip's output means, and what to do about it. */
import { unreachable } from '../requirements/relax-versions.ts';

/** @returns undefined when the text tells of no full disk */
export function fullDisk(text: string, cache: string): [string, string] | undefined {
  if (!/no space left on device|ENOSPC|Errno 28|EDQUOT|Disk quota exceeded/i.test(text)) return undefined;
  return [
    'the disk is full',
    `Free some space where ${cache} lies, or let XDG_CACHE_HOME name a folder on another disk.`,
  ];
}

/** What is wrong, in a few words, and how to fix it. @param text pip's output */
export function explain(
  text: string,
  { version, cache }: { version: string; cache: string },
): [string, string] {
  const full = fullDisk(text, cache);
  if (full) return full;
  const git = explainGit(text);
  if (git) return git;
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
  const missing = missingForCompiling(text);
  if (missing)
    return [
      `a package has no ready-made build for Python ${version}, and could not be compiled: there is no ${missing}`,
      `Install ${missing}, ask for a newer version of the package, or write an older Python in config.yaml (e.g. \`python: "3.10"\`).`,
    ];
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

/** What git says when a requirement is a repository; undefined when it says nothing that is known. */
function explainGit(text: string): [string, string] | undefined {
  if (/Cannot find command 'git'|git: (?:command )?not found/i.test(text))
    return ['a package comes from a git repository, and there is no git', 'Install git.'];
  if (!/\bgit[ +]/.test(text)) return undefined;
  if (
    /fatal: unable to access .*(?:Could not resolve host|Failed to connect|Connection (?:refused|timed out|reset)|timed out)|fatal: unable to look up|ssh: (?:Could not resolve|connect to host)/i.test(
      text,
    )
  )
    return [
      'a git repository could not be reached',
      'Check the network and the address after `git+`. Behind a proxy set HTTPS_PROXY.',
    ];
  if (
    /pathspec '.*' did not match|Remote branch .* not found|couldn't find remote ref|Could not find remote branch|reference is not a tree|unadvertised object|not our ref/i.test(
      text,
    )
  )
    return [
      'a git repository has no such branch, tag or commit',
      'Correct what stands after `@` in that line.',
    ];
  if (
    /Authentication failed|could not read (?:Username|Password)|Permission denied \(publickey|Host key verification failed|terminal prompts disabled|Repository not found|repository '.*' not found|does not appear to be a git repository|Could not read from remote repository|The requested URL returned error: (?:401|403|404)/i.test(
      text,
    )
  )
    return [
      'a git repository is not there, or not open to you',
      'Correct the address after `git+`. For a private one, see that `git clone` of it works in this terminal without a question: an SSH key in an agent, or a credential helper.',
    ];
  return undefined;
}

/** What a compiler did not find, in a few words; undefined when it does not say. */
function missingForCompiling(text: string): string | undefined {
  const [, header] = /fatal error: ([\w./+-]+\.h(?:pp)?): No such file/.exec(text) ?? [];
  if (header === 'Python.h') return 'Python.h (package python3-dev)';
  if (header) return `${header} (a library's package for developers)`;
  const told = [
    /error: command '([\w+./-]+)' failed: No such file/,
    /(?:can't|could not|cannot) find (Rust compiler|cargo)/i,
    /\b([\w-]+) executable not found/,
    /unable to execute '([\w+./-]+)'/,
    /(CMake) must be installed/i,
  ];
  const found = told.map((pattern) => pattern.exec(text)?.[1]).find((name) => name !== undefined);
  return found === undefined ? undefined : found.replace(/^.*\//, '');
}

/** The last few, without those that are not finished, such as 1.0a1, unless there are no others. */
function newest(versions: string[]): string[] {
  const finished = versions.filter((version) => /^[\d.!]+(\.?post\d+)?$/.test(version));
  return (finished.length > 0 ? finished : versions).slice(-5);
}
