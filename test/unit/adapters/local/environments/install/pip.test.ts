import { expect, test } from '@jest/globals';
import { defaultCache } from '../../../../../../adapters/local/environments/cache/environment-cache.ts';
import { installFailed } from '../../../../../../adapters/local/environments/install/install-errors.ts';
import { pipVariables, progressOf } from '../../../../../../adapters/local/environments/install/pip.ts';
import {
  fencedPackages,
  relax,
  requirementsText,
} from '../../../../../../adapters/local/environments/requirements/relax-versions.ts';

const entry = (text: string, fenced = false, line = 1) => ({
  text,
  fenced,
  line,
  file: 'requirements.txt',
  isPackage: true,
});

test.each([
  [
    '  Downloading numpy-1.26.4-cp311-cp311-manylinux_2_17_x86_64.whl (18.2 MB)',
    'downloading numpy (18.2 MB)',
  ],
  ['Downloading scikit_learn-1.5.0.tar.gz (7.0 MB)', 'downloading scikit_learn (7.0 MB)'],
  ['  Using cached six-1.16.0-py2.py3-none-any.whl (11 kB)', 'taking six (11 kB)'],
  ['Collecting solar-data-tools==0.5.4 (from -r x (line 1))', 'looking for solar-data-tools'],
  ['  Building wheel for ecos (pyproject.toml): started', 'compiling ecos'],
  ['Installing collected packages: six, numpy, pandas', 'unpacking 3 packages'],
  ['Installing collected packages: six', 'unpacking six'],
  ['  Downloading numpy-1.26.4.whl.metadata (61 kB)', undefined],
  ['Looking in links: /wheels', undefined],
])('%s', (line, progress) => {
  expect(progressOf(line)).toBe(progress);
});

test('settings of pip are kept, those that lead to another place are not', () => {
  const env = pipVariables({
    PIP_INDEX_URL: 'x',
    PIP_TARGET: 't',
    PIP_USER: '1',
    PYTHONPATH: 'p',
    HOME: 'h',
  });
  expect(env).toMatchObject({ PIP_INDEX_URL: 'x', HOME: 'h', PIP_USER: '0' });
  expect(Object.keys(env)).not.toEqual(expect.arrayContaining(['PIP_TARGET']));
  expect(Object.keys(env)).not.toEqual(expect.arrayContaining(['PYTHONPATH']));
});

test('of what cannot be had, only the fenced packages are relaxed, one step at a time', () => {
  const entries = [entry('pandas==1.3.5', true), entry('boto3==1.21.19', true), entry('numpy==1.19.2')];
  const fenced = fencedPackages(entries);
  expect(requirementsText(entries, fenced)).toBe(
    'pandas==1.3.5\nboto3==1.21.19\nnumpy==1.19.2\n--only-binary pandas\n--only-binary boto3\n',
  );
  expect(relax(fenced, ['ERROR: No matching distribution found for numpy==1.19.2'])).toBe(false);
  const missing = [
    'ERROR: Could not find a version that satisfies the requirement pandas==1.3.5 (from versions: 2.0)',
  ];
  expect(relax(fenced, ['WARNING: Retrying (Retry(total=4)) after connection broken', ...missing])).toBe(
    false,
  );
  expect(relax(fenced, missing)).toBe(true);
  expect(requirementsText(entries, fenced)).toMatch(
    /^pandas\nboto3==1.21.19\nnumpy==1.19.2\n--only-binary pandas\n/,
  );
  expect(relax(fenced, missing)).toBe(true);
  expect(requirementsText(entries, fenced)).toBe(
    'pandas\nboto3==1.21.19\nnumpy==1.19.2\n--only-binary boto3\n',
  );
  expect(relax(fenced, missing)).toBe(false);
  expect(relax(fenced, ['ERROR: ResolutionImpossible: for help visit …'])).toBe(true);
  expect(requirementsText(entries, fenced)).toBe('pandas\nboto3\nnumpy==1.19.2\n--only-binary boto3\n');
  expect(relax(fenced, ['ERROR: ResolutionImpossible: for help visit …'])).toBe(false);
});

const failure = (...output: string[]) =>
  installFailed({
    output,
    entries: [entry('a', false, 4), { ...entry('b', false, 7), file: 'reqs/more.txt' }],
    requirementsFile: '/cache/k/requirements.txt',
    log: '/cache/log',
    cache: '/cache',
    version: '3.11.7',
  });

test("a failure shows the telling lines, with the numbers of the user's file", () => {
  const { message } = failure(
    'Collecting a',
    'ERROR: Cannot install -r /cache/k/requirements.txt (line 1) and -r /cache/k/requirements.txt (line 2) because these package versions have conflicting dependencies.',
    '',
    'The conflict is caused by:',
    '    a 1.0 depends on c<2',
    '[notice] A new release of pip is available',
  );
  expect(message).toContain(
    'the packages conflict with each other\n  ERROR: Cannot install requirements.txt, line 4 and reqs/more.txt, line 7 because',
  );
  expect(message).toContain('a 1.0 depends on c<2');
  expect(message).not.toMatch(/Collecting|notice|\/cache\/k/);
  expect(message).toMatch(/\nComplete output of pip: \/cache\/log$/);
  expect(
    failure("ERROR: Invalid requirement: 'a b' (from line 2 of /cache/k/requirements.txt)").message,
  ).toContain("'a b' (from reqs/more.txt, line 7)");
});

test.each([
  ['ERROR: No matching distribution found for x', 'a package was not found', /Check its name/],
  [
    'ERROR: Could not find a version that satisfies the requirement x==9 (from versions: 1.0, 2.0, 2.1a1, 3.0rc2)',
    'a version is not available for Python 3.11.7',
    /Use one of 1\.0, 2\.0, or/,
  ],
  [
    'ERROR: Ignored the following versions that require a different python version: 1.0 Requires-Python >=3.12',
    'does not support Python 3.11.7',
    /another Python/,
  ],
  [
    "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError'",
    'could not be reached',
    /PIP_INDEX_URL/,
  ],
  [
    'ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device',
    'the disk is full',
    /XDG_CACHE_HOME/,
  ],
  ['error: subprocess-exited-with-error', 'could not be compiled', /build-essential/],
  [
    "Running command git clone --filter=blob:none --quiet https://x.org/a.git\n  fatal: unable to access 'https://x.org/a.git/': Could not resolve host: x.org\n  error: subprocess-exited-with-error",
    'a git repository could not be reached',
    /after `git\+`/,
  ],
  [
    "Running command git checkout -q nosuch\n  error: pathspec 'nosuch' did not match any file(s) known to git\n  error: subprocess-exited-with-error",
    'a git repository has no such branch, tag or commit',
    /after `@`/,
  ],
  [
    'Running command git clone --quiet ssh://git@x.org/a.git\n  git@x.org: Permission denied (publickey).\n  fatal: Could not read from remote repository.\n  error: subprocess-exited-with-error',
    'a git repository does not exist, or you have no access to it',
    /SSH key/,
  ],
  [
    "ERROR: Cannot find command 'git' - do you have 'git' installed and in your PATH?",
    'git is not installed',
    /Install git/,
  ],
  [
    '  fatal error: Python.h: No such file or directory\n error: subprocess-exited-with-error',
    'Python.h (package python3-dev) is missing',
    /python3-dev/,
  ],
  [
    "error: command 'gcc' failed: No such file or directory\nerror: subprocess-exited-with-error",
    'gcc is missing',
    /Install gcc/,
  ],
  [
    "error: can't find Rust compiler\nerror: metadata-generation-failed",
    'Rust compiler is missing',
    /Install Rust/,
  ],
  [
    'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.',
    'the hashes do not match',
    /generate-hashes/,
  ],
  ['something else', 'the packages could not be installed', /by hand/],
])('%s', (line, title, advice) => {
  const { message, hint } = failure(line);
  expect(message).toContain(title);
  expect(hint).toMatch(advice);
});

test("of a package that does not compile, the end of the compiler's output is shown", () => {
  const compiler = Array.from({ length: 40 }, (_, number) => `      line ${number}`);
  const { message } = failure(
    '  error: subprocess-exited-with-error',
    '  ╰─> [40 lines of output]',
    ...compiler,
    '      fatal: no gcc',
  );
  expect(message).toContain('error: subprocess-exited-with-error');
  expect(message).toContain('fatal: no gcc');
  expect(message).not.toContain('line 3\n');
});

test('where the cache lies', () => {
  expect(defaultCache({ HOME: '/h' }, 'linux')).toBe('/h/.cache/gcd-sfn/environments');
  expect(defaultCache({ HOME: '/h' }, 'darwin')).toBe('/h/Library/Caches/gcd-sfn/environments');
  expect(defaultCache({ HOME: '/h', XDG_CACHE_HOME: '/c' }, 'linux')).toBe('/c/gcd-sfn/environments');
});
