/** Explains pip's errors: what is wrong, and how to fix it. */
import { diskFull, isDiskFull } from '../../disk-full.ts';
import { unreachable } from '../requirements/relax-versions.ts';

/** What is wrong, in a few words, and how to fix it. */
export type Explanation = [title: string, hint: string];

interface Context {
  /** Version of Python, e.g. `3.11.7`. */
  version: string;
  /** Absolute path of the cache folder. */
  cache: string;
}

interface Rule {
  /** Matches pip's output. */
  pattern: RegExp;
  explain: Explanation | ((context: Context) => Explanation);
}

/** Explains a full disk. @returns undefined if the text does not mention one */
export function explainFullDisk(text: string, cache: string): Explanation | undefined {
  if (!isDiskFull(text)) return undefined;
  return [
    diskFull,
    `Free some space on the disk of ${cache}, or set XDG_CACHE_HOME to a folder on another disk.`,
  ];
}

/** How to fix a cache folder without write access. */
export const cacheNotWritable = (cache: string): string =>
  `Check that you own ${cache}, or set XDG_CACHE_HOME to another folder.`;

/** @param text pip's output */
export function explainPipOutput(text: string, context: Context): Explanation {
  return (
    explainFullDisk(text, context.cache) ??
    explainGit(text) ??
    explainByRule(rules, text, context) ??
    explainMissingVersion(text, context) ??
    explainBuild(text, context) ?? [
      'the packages could not be installed',
      'Run the same command by hand: `pip install -r requirements.txt`.',
    ]
  );
}

function explainByRule(list: Rule[], text: string, context: Context): Explanation | undefined {
  const rule = list.find(({ pattern }) => pattern.test(text));
  return typeof rule?.explain === 'function' ? rule.explain(context) : rule?.explain;
}

/** The first rule that matches applies. */
const rules: Rule[] = [
  {
    pattern: /Permission denied|Read-only file system/,
    explain: ({ cache }) => ['a file could not be written', cacheNotWritable(cache)],
  },
  {
    pattern: unreachable,
    explain: [
      'the package index could not be reached',
      'Check the network. Behind a proxy set HTTPS_PROXY; for a mirror set PIP_INDEX_URL; for a folder of wheels set PIP_NO_INDEX=1 and PIP_FIND_LINKS.',
    ],
  },
  {
    pattern: /Invalid requirement|Invalid (?:version )?specifier|no such option/,
    explain: ['a line is invalid', 'Each line is a package, e.g. `pandas==2.2.3` or `pandas>=2,<3`.'],
  },
  {
    pattern: /DO NOT MATCH THE HASHES|Hashes are required/,
    explain: [
      'the hashes do not match',
      'Recreate the file with the tool that wrote the hashes, e.g. pip-compile --generate-hashes.',
    ],
  },
  {
    pattern: /ResolutionImpossible|conflicting dependencies/,
    explain: [
      'the packages conflict with each other',
      'Relax or remove one of the pinned versions, e.g. `pandas` instead of `pandas==1.3.5`.',
    ],
  },
  {
    pattern: /Requires-Python|requires a different Python/i,
    explain: ({ version }) => [
      `a package does not support Python ${version}`,
      'Require another version of it, or set another Python in config.yaml, e.g. `python: "3.12"`.',
    ],
  },
];

const gitRules: Rule[] = [
  {
    pattern:
      /fatal: unable to access .*(?:Could not resolve host|Failed to connect|Connection (?:refused|timed out|reset)|timed out)|fatal: unable to look up|ssh: (?:Could not resolve|connect to host)/i,
    explain: [
      'a git repository could not be reached',
      'Check the network and the address after `git+`. Behind a proxy set HTTPS_PROXY.',
    ],
  },
  {
    pattern:
      /pathspec '.*' did not match|Remote branch .* not found|couldn't find remote ref|Could not find remote branch|reference is not a tree|unadvertised object|not our ref/i,
    explain: [
      'a git repository has no such branch, tag or commit',
      'Correct the part after `@` in that line.',
    ],
  },
  {
    pattern:
      /Authentication failed|could not read (?:Username|Password)|Permission denied \(publickey|Host key verification failed|terminal prompts disabled|Repository not found|repository '.*' not found|does not appear to be a git repository|Could not read from remote repository|The requested URL returned error: (?:401|403|404)/i,
    explain: [
      'a git repository does not exist, or you have no access to it',
      'Correct the address after `git+`. For a private repository, check that `git clone` of it works in this terminal without a prompt: with an SSH key in an agent, or a credential helper.',
    ],
  },
];

/** Explains what git says of a requirement that is a repository. */
function explainGit(text: string): Explanation | undefined {
  if (/Cannot find command 'git'|git: (?:command )?not found/i.test(text))
    return ['a package comes from a git repository, and git is not installed', 'Install git.'];
  if (!/\bgit[ +]/.test(text)) return undefined;
  return explainByRule(gitRules, text, { version: '', cache: '' });
}

function explainMissingVersion(text: string, { version }: Context): Explanation | undefined {
  if (!/\(from versions: |No matching distribution/.test(text)) return undefined;
  const [, available] = /\(from versions: (?!none)([^)]*)\)/.exec(text) ?? [];
  if (available)
    return [
      `a version is not available for Python ${version}`,
      `Use one of ${newest(available.split(', ')).join(', ')}, or set another Python in config.yaml, e.g. \`python: "3.10"\`.`,
    ];
  return [
    'a package was not found',
    `Check its name: pip's name can differ from the module's (scikit-learn, not sklearn). It may also have no build for Python ${version}.`,
  ];
}

function explainBuild(text: string, { version }: Context): Explanation | undefined {
  const missing = missingBuildTool(text);
  if (missing)
    return [
      `a package has no wheel for Python ${version}, and could not be compiled: ${missing} is missing`,
      `Install ${missing}, require a newer version of the package, or set an older Python in config.yaml (e.g. \`python: "3.10"\`).`,
    ];
  if (
    !/subprocess-exited-with-error|metadata-generation-failed|Failed (?:to build|building wheel)/.test(text)
  )
    return undefined;
  return [
    `a package has no wheel for Python ${version}, and could not be compiled`,
    'Require a newer version of it, set an older Python in config.yaml (e.g. `python: "3.10"`), or install what it needs (e.g. `sudo apt install build-essential python3-dev`).',
  ];
}

/** The tool or header that a compilation did not find; undefined if the output does not name one. */
function missingBuildTool(text: string): string | undefined {
  const [, header] = /fatal error: ([\w./+-]+\.h(?:pp)?): No such file/.exec(text) ?? [];
  if (header === 'Python.h') return 'Python.h (package python3-dev)';
  if (header) return `${header} (a library's development package)`;
  const patterns = [
    /error: command '([\w+./-]+)' failed: No such file/,
    /(?:can't|could not|cannot) find (Rust compiler|cargo)/i,
    /\b([\w-]+) executable not found/,
    /unable to execute '([\w+./-]+)'/,
    /(CMake) must be installed/i,
  ];
  const found = patterns.map((pattern) => pattern.exec(text)?.[1]).find((name) => name !== undefined);
  return found?.replace(/^.*\//, '');
}

/** The last few final versions; pre-releases such as 1.0a1 only if there are no others. */
function newest(versions: string[]): string[] {
  const final = versions.filter((version) => /^[\d.!]+(\.?post\d+)?$/.test(version));
  return (final.length > 0 ? final : versions).slice(-5);
}
