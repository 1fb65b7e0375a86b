/** The scripts complete what there is, in the shells themselves. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { command } from '../../support/cli/project.ts';
import { temporary } from '../../support/environments/temporary-projects.ts';

const here = temporary();
for (const run of ['calm-owls-sing', 'cold-pies-fly', 'wet-dogs-run'])
  mkdirSync(join(here, "my project's", '.gcd/runs', run), { recursive: true });
mkdirSync(join(here, '.gcd/runs/here-it-is'), { recursive: true });
mkdirSync(join(here, 'start'));
writeFileSync(join(here, 'my file'), '');

const isThere = (shell: string) => spawnSync(shell, ['-c', 'exit 0']).status === 0;

/** Written once a shell. */
const scripts = new Map<string, Promise<string>>();

function script(shell: string): Promise<string> {
  const made = scripts.get(shell) ?? makeScript(shell);
  scripts.set(shell, made);
  return made;
}

async function makeScript(shell: string): Promise<string> {
  const { code, stdout, stderr } = await command(['completion', shell]);
  expect([code, stderr]).toEqual([0, '']);
  const path = join(here, `completion.${shell}`);
  writeFileSync(path, stdout);
  return path;
}

/** What bash offers for a line, whose last word is at the cursor; words are split as bash splits them. */
async function bash(...words: string[]): Promise<string[]> {
  const path = await script('bash');
  const code = `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _gcd_sfn; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-uc', code, path, 'gcd-sfn', ...words], {
    cwd: here,
    encoding: 'utf8',
    env: { ...process.env, HOME: here },
  });
  expect(stderr).toBe('');
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .sort();
}

/** What fish offers for a line. */
async function fish(line: string): Promise<string[]> {
  const path = await script('fish');
  const { stdout } = spawnSync(
    'fish',
    ['--no-config', '-c', `source ${path}; complete -C '${line.replaceAll("'", "\\'")}'`],
    {
      cwd: here,
      encoding: 'utf8',
    },
  );
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t')[0]!)
    .sort();
}

/** What zsh makes of a line when Tab is pressed. */
async function zsh(line: string): Promise<string> {
  const path = await script('zsh');
  const code = `
    zmodload zsh/zpty
    zpty shell zsh -f -i
    zpty -w shell 'PS1=; autoload -Uz compinit; compinit -u -D; source ${path}; bindkey "^X" beep; print rea""dy'
    read-until() { local all= part; while [[ $all != *$1* ]]; do zpty -r shell part || break; all+=$part; done; print -r -- "$all" }
    read-until ready > /dev/null
    # What Tab left on the line is printed instead of being run.
    zpty -w shell 'show() { print -r -- "got[$BUFFER]got"; zle kill-whole-line }; zle -N show; bindkey "^G" show; print se""t'
    read-until set > /dev/null
    zpty -n -w shell "$1"$'\\t\\x07'
    read-until ']got'`;
  const { stdout } = spawnSync('zsh', ['-f', '-c', code, 'zsh', line], {
    cwd: here,
    encoding: 'utf8',
    timeout: 30_000,
    env: { ...process.env, HOME: here, TERM: 'dumb' },
  });
  return /got\[(.*?)\]got/s.exec(stdout.replaceAll('\r', ''))?.[1] ?? stdout;
}

describe('bash', () => {
  test.each<[string[], string[]]>([
    [['st'], ['start', 'status', 'stop']],
    [['--v'], ['--version']],
    [['init', '--te'], ['--template']],
    [
      ['init', '--template', 's'],
      ['sleep', 'solardatatools', 'stasticclearsky'],
    ],
    [['init', '-t', 'm'], ['minimal']],
    [
      ['completion', ''],
      ['bash', 'fish', 'zsh'],
    ],
    [['start', '--dr'], ['--dry-run']],
    [['run-files', '--dr'], ['--dry-run']],
    [['start', '-p', 'my'], ["my project's"]],
    [['start', '--project', '=', 'my'], ["my project's"]],
    [['start', '--project', '='], ['start', "my project's"].sort()],
    [['start', '--project=st'], ['--project=start']],
    [['validate', 'st'], ['start']],
    [['resume', ''], ['here-it-is']],
    [
      ['resume', '-p', "my\\ project\\'s", 'c'],
      ['calm-owls-sing', 'cold-pies-fly'],
    ],
    [['resume', '-p', '"my project\'s"', 'w'], ['wet-dogs-run']],
    [['resume', '--project', '=', "~/my\\ project\\'s", 'w'], ['wet-dogs-run']],
    [['resume', 'here-it-is', ''], []],
    [['start', '-n', ''], []],
    [['no-such', ''], []],
    [['resume', '-p', 'nowhere', ''], []],
  ])('%j', async (words, offered) => {
    const found = await bash(...words);
    // Other versions may have more commands that begin so.
    if (words[0] === 'st') expect(found).toEqual(expect.arrayContaining(['start']));
    else expect(found).toEqual(offered);
  });

  test('knows every command and option that the help shows', async () => {
    const { stdout } = await command(['--help']);
    const names = [...stdout.matchAll(/^ {2}([a-z][\w|-]*)/gm)].flatMap(([, name = '']) => name.split('|'));
    const commands = (await bash('')).filter((word) => !word.startsWith('-'));
    expect(commands).toEqual(names.sort());
    for (const name of names) {
      const help = await command([name, '--help']);
      const flags = [...help.stdout.matchAll(/^ {2}(?:(-\w), )?(--[\w-]+)/gm)].flatMap(([, short, long]) => [
        short,
        long,
      ]);
      expect([name, await bash(name, '-')]).toEqual([
        name,
        flags.filter((flag) => flag !== undefined).sort(),
      ]);
    }
  });
});

describe('the shells that are on this machine', () => {
  const shells = ['zsh', 'fish'].filter(isThere);

  test.each(['bash', ...shells])('%s finds no fault with the script', async (shell) => {
    const { status, stderr } = spawnSync(shell, ['-n', await script(shell)], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });

  test('complete the same', async () => {
    if (shells.includes('fish')) {
      expect(await fish('gcd-sfn init --template s')).toEqual(['sleep', 'solardatatools', 'stasticclearsky']);
      expect(await fish('gcd-sfn completion ')).toEqual(['bash', 'fish', 'zsh']);
      expect(await fish('gcd-sfn doc')).toEqual(['doctor']);
      expect(await fish('gcd-sfn start --dry')).toEqual(['--dry-run']);
      expect(await fish('gcd-sfn resume ')).toEqual(['here-it-is']);
      expect(await fish(`gcd-sfn resume -p "my project's" c`)).toEqual(['calm-owls-sing', 'cold-pies-fly']);
      expect(await fish('gcd-sfn validate sta')).toEqual(['start/']);
    }
    if (shells.includes('zsh')) {
      expect(await zsh('gcd-sfn doc')).toBe('gcd-sfn doctor ');
      expect(await zsh('gcd-sfn init --template m')).toBe('gcd-sfn init --template minimal ');
      expect(await zsh('gcd-sfn start --dry')).toBe('gcd-sfn start --dry-run ');
      expect(await zsh('gcd-sfn resume h')).toBe('gcd-sfn resume here-it-is ');
      expect(await zsh("gcd-sfn resume -p my\\ project\\'s w")).toBe(
        "gcd-sfn resume -p my\\ project\\'s wet-dogs-run ",
      );
      expect(await zsh('gcd-sfn validate sta')).toBe('gcd-sfn validate start/');
    }
  });
});

test('another shell is refused, and the help says how to load the script', async () => {
  const { code, stderr } = await command(['completion', 'tcsh']);
  expect([code, stderr]).toEqual([2, expect.stringContaining('bash, zsh, fish')]);
  const { stdout } = await command(['completion', '--help']);
  for (const text of ['~/.bashrc', '~/.zshrc', '~/.config/fish/completions/gcd-sfn.fish'])
    expect(stdout).toContain(text);
});
