/** Which Python runs a project. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { PythonUnsuitable } from '../../../../core/errors/errors.ts';
import type { Variables } from '../install/run-command.ts';
import { everyPython, isExecutable, matches, onPath, pyenvFolders } from './find-pythons.ts';
import { type Broken, type Interpreter, isBroken, probe } from './inspect-interpreter.ts';
import { type Pin, pinOf, versionOf } from './python-version-file.ts';

/** The oldest Python that will do. */
const oldest = [3, 8] as const;

const needed = `CPython ${oldest.join('.')} or newer`;

const howToGet =
  'Get one with `sudo apt install python3 python3-venv` (Debian, Ubuntu), `brew install python` (macOS) or ' +
  '`conda create -n work python` and `conda activate work`; or name one in config.yaml, e.g. `python: /opt/python/bin/python3`.';

export interface Machine {
  env: Variables;
  /** For an interpreter that hangs. */
  probeTimeoutMs: number;
  /** Absolute path of the project's folder: pyenv's commands go by it, and so does `.python-version`. */
  project: string;
}

/** An interpreter, and a line for the user where it is not the one that `.python-version` asks for. */
export type Chosen = Interpreter & { said?: string };

/**
 * The interpreter for what `python:` in config.yaml says.
 * @param wanted a version (`3`, `3.11`, `3.11.7`), a command, a path (of an interpreter or of a virtual environment), or
 *   null for the first one that will do
 * @throws PythonUnsuitable when there is none: the message lists what was found instead
 */
export async function choosePython(wanted: string | null, machine: Machine): Promise<Chosen> {
  if (wanted === null) {
    const pin = await pinOf(machine.project, machine.env);
    return pin ? choosePinned(pin, machine) : chooseAny(machine);
  }
  // `python3.11` may be a shim that does not run: what is meant is the version.
  const version = /^(?:python)?(\d+(?:\.\d+){0,2})$/.exec(wanted)?.[1];
  return version === undefined ? chooseNamed(wanted, machine) : chooseVersion(version, machine);
}

async function chooseAny(machine: Machine): Promise<Interpreter> {
  const { suitable, refused } = await tryAll(everywhere(machine.env), machine, problemOf);
  if (suitable) return suitable;
  if (refused.length === 0)
    throw new PythonUnsuitable('there is no Python on this machine', { hint: howToGet });
  const message = `no Python on this machine will do (${needed} is needed):\n${listed(refused)}`;
  throw new PythonUnsuitable(message, { hint: howToGet });
}

/** The version that is asked for, else one of the same minor version, else any: a line says which. */
async function choosePinned({ file, names }: Pin, machine: Machine): Promise<Chosen> {
  for (const name of names) {
    const version = versionOf(name);
    const found = version === undefined ? await named(name, machine) : await ofVersionThere(version, machine);
    if (found) return found;
  }
  const close = names.map(versionOf).find((version) => version?.split('.').length === 3);
  const minor = close?.split('.').slice(0, 2).join('.');
  const found = (minor && (await ofVersionThere(minor, machine))) || (await chooseAny(machine));
  if (names.includes('system')) return found;
  const said = `${file} asks for Python ${names.join(' or ')}, which is not on this machine: took ${found.version}`;
  return { ...found, said };
}

async function ofVersionThere(version: string, machine: Machine): Promise<Interpreter | undefined> {
  const another = (found: Interpreter) => (matches(found.version, version) ? problemOf(found) : 'another');
  return (await tryAll(ofVersion(version, machine.env), machine, another)).suitable;
}

/** An environment that pyenv keeps under a name. */
async function named(name: string, machine: Machine): Promise<Interpreter | undefined> {
  const paths = pyenvFolders(machine.env).map((folder) => join(folder, name, 'bin', 'python'));
  const there = await Promise.all(paths.map(isExecutable));
  return (
    await tryAll(
      paths.filter((_, index) => there[index]),
      machine,
      problemOf,
    )
  ).suitable;
}

async function chooseVersion(version: string, machine: Machine): Promise<Interpreter> {
  const [major = 0, minor = Number.POSITIVE_INFINITY] = version.split('.').map(Number);
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1]))
    throw new PythonUnsuitable(`Python ${version} is too old: ${needed} is needed`, {
      hint: 'Write a newer one in config.yaml, e.g. `python: "3.11"`, or leave the line out.',
    });
  const suitable = await ofVersionThere(version, machine);
  if (suitable) return suitable;
  // Only now all of them are worth their time: to say which there are.
  const { refused } = await tryAll(everywhere(machine.env), machine, () => 'another');
  const others = refused.filter((found) => !isBroken(found));
  const there = others.length === 0 ? 'and no other one' : `but there are:\n${listed(others)}`;
  throw new PythonUnsuitable(`there is no Python ${version} on this machine, ${there}`, {
    hint: 'Install it (pyenv, uv and conda have every version), or change `python:` in config.yaml.',
  });
}

async function chooseNamed(wanted: string, machine: Machine): Promise<Interpreter> {
  const path = wanted.replace(/^~(?=\/|$)/, machine.env.HOME ?? homedir());
  const inside = join(path, 'bin', 'python');
  const file = (await isExecutable(inside)) ? inside : path;
  const paths = path.includes('/') ? [file] : await onPath(path, machine.env);
  const { suitable, refused } = await tryAll(paths, machine, problemOf);
  if (suitable) return suitable;
  const what =
    refused.length === 0
      ? `there is no command '${wanted}' on PATH`
      : `the Python that config.yaml names will not do (${needed} is needed):\n${listed(refused)}`;
  throw new PythonUnsuitable(what, {
    hint: 'Change `python:` in config.yaml to a version such as "3.11", a command or a path, or leave the line out.',
  });
}

/** `python3` and `python` on PATH, then every other Python. */
async function* everywhere(env: Variables): AsyncGenerator<string> {
  for (const name of ['python3', 'python']) yield* await onPath(name, env);
  for (const { path } of await everyPython(env)) yield path;
}

/** Those whose name says that they may be of a version, then those that must be asked. */
async function* ofVersion(version: string, env: Variables): AsyncGenerator<string> {
  yield* await onPath(`python${version.split('.').slice(0, 2).join('.')}`, env);
  for (const { path, version: named } of await everyPython(env))
    if (matches(named, version) || matches(version, named)) yield path;
  for (const name of ['python3', 'python']) yield* await onPath(name, env);
}

/** Asks one interpreter after the other, none twice, up to the first in which `problem` sees none. */
async function tryAll(
  paths: AsyncIterable<string> | string[],
  machine: Machine,
  problem: (found: Interpreter) => string | undefined,
): Promise<{ suitable?: Interpreter; refused: (Interpreter | Broken)[] }> {
  const refused: (Interpreter | Broken)[] = [];
  const asked = new Set<string>();
  for await (const path of paths) {
    if (asked.has(path)) continue;
    asked.add(path);
    const found = await probe(path, machine);
    if (isBroken(found)) refused.push(found);
    else if (problem(found) === undefined) return { suitable: found, refused };
    else if (!refused.some((other) => !isBroken(other) && other.base === found.base)) refused.push(found);
  }
  return { refused };
}

/** Why an interpreter will not do, if so. */
function problemOf({ implementation, release, version }: Interpreter): string | undefined {
  if (implementation !== 'cpython') return `is ${implementation}, not CPython`;
  const [major = 0, minor = 0] = release;
  const enough = major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
  return enough ? undefined : `is Python ${version}: too old`;
}

const listed = (found: (Interpreter | Broken)[]): string =>
  found
    .map((one) =>
      isBroken(one)
        ? `${one.path} ${one.problem}`
        : `${one.executable} ${problemOf(one) ?? `is Python ${one.version}`}`,
    )
    .map((line) => `  ${line}`)
    .join('\n');
