/** Chooses the Python that runs a project. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { PythonUnsuitable } from '../../../../core/errors/errors.ts';
import type { Variables } from '../install/run-command.ts';
import { everyPython, isExecutable, matches, onPath, pyenvFolders } from './find-pythons.ts';
import {
  type BrokenInterpreter,
  type Interpreter,
  inspectInterpreter,
  isBroken,
} from './inspect-interpreter.ts';
import { type Pin, pinOf, versionOf } from './python-version-file.ts';

/** The oldest supported Python. */
const oldest = [3, 8] as const;

const needed = `CPython ${oldest.join('.')} or newer`;

const howToGet =
  'Get one with `sudo apt install python3 python3-venv` (Debian, Ubuntu), `brew install python` (macOS) or ' +
  '`conda create -n work python` and `conda activate work`; or name one in config.yaml, e.g. `python: /opt/python/bin/python3`.';

export interface Machine {
  env: Variables;
  /** Time limit for an interpreter that does not answer. */
  probeTimeoutMs: number;
  /** Absolute path of the project folder, where `.python-version` and pyenv's shims apply. */
  project: string;
}

/** An interpreter; `notice` if it is not the one that `.python-version` requires. */
export type Chosen = Interpreter & { notice?: string };

/**
 * The interpreter for what `python:` in config.yaml says.
 * @param wanted a version (`3`, `3.11`, `3.11.7`), a command, a path (of an interpreter or of a virtual environment), or
 *   null for the first suitable one
 * @throws PythonUnsuitable if there is none: the message lists the interpreters that were found
 */
export async function choosePython(wanted: string | null, machine: Machine): Promise<Chosen> {
  if (wanted === null) {
    const pin = await pinOf(machine.project, machine.env);
    return pin ? choosePinned(pin, machine) : chooseAny(machine);
  }
  // `python3.11` may be a shim that does not run: look for the version.
  const version = /^(?:python)?(\d+(?:\.\d+){0,2})$/.exec(wanted)?.[1];
  return version === undefined ? chooseNamed(wanted, machine) : chooseVersion(version, machine);
}

async function chooseAny(machine: Machine): Promise<Interpreter> {
  const { suitable, refused } = await tryAll(allPythons(machine.env), machine, problemOf);
  if (suitable) return suitable;
  if (refused.length === 0) throw new PythonUnsuitable('no Python on this machine', { hint: howToGet });
  const message = `no suitable Python on this machine (${needed} is required):\n${listed(refused)}`;
  throw new PythonUnsuitable(message, { hint: howToGet });
}

/** The version of `.python-version`, else one with the same minor version, else any, with a notice. */
async function choosePinned({ file, names }: Pin, machine: Machine): Promise<Chosen> {
  for (const name of names) {
    const version = versionOf(name);
    const found =
      version === undefined ? await pyenvEnvironment(name, machine) : await findVersion(version, machine);
    if (found) return found;
  }
  const close = names.map(versionOf).find((version) => version?.split('.').length === 3);
  const minor = close?.split('.').slice(0, 2).join('.');
  const found = (minor && (await findVersion(minor, machine))) || (await chooseAny(machine));
  if (names.includes('system')) return found;
  const notice = `${file} requires Python ${names.join(' or ')}, which is not on this machine: using ${found.version}`;
  return { ...found, notice };
}

async function findVersion(version: string, machine: Machine): Promise<Interpreter | undefined> {
  const another = (found: Interpreter) => (matches(found.version, version) ? problemOf(found) : 'another');
  return (await tryAll(candidatesFor(version, machine.env), machine, another)).suitable;
}

/** A named environment of pyenv. */
async function pyenvEnvironment(name: string, machine: Machine): Promise<Interpreter | undefined> {
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
    throw new PythonUnsuitable(`Python ${version} is too old: ${needed} is required`, {
      hint: 'Set a newer one in config.yaml, e.g. `python: "3.11"`, or remove the line.',
    });
  const suitable = await findVersion(version, machine);
  if (suitable) return suitable;
  // Only for the message: inspecting all of them takes time.
  const { refused } = await tryAll(allPythons(machine.env), machine, () => 'another');
  const others = refused.filter((found) => !isBroken(found));
  const found = others.length === 0 ? '' : `; found:\n${listed(others)}`;
  throw new PythonUnsuitable(`no Python ${version} on this machine${found}`, {
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
      ? `no command '${wanted}' on PATH`
      : `the Python of config.yaml is not suitable (${needed} is required):\n${listed(refused)}`;
  throw new PythonUnsuitable(what, {
    hint: 'Change `python:` in config.yaml to a version such as "3.11", a command or a path, or remove the line.',
  });
}

/** `python3` and `python` on PATH, then every other Python. */
async function* allPythons(env: Variables): AsyncGenerator<string> {
  for (const name of ['python3', 'python']) yield* await onPath(name, env);
  for (const { path } of await everyPython(env)) yield path;
}

/** Pythons whose name has the version, then `python3` and `python`, whose version is unknown. */
async function* candidatesFor(version: string, env: Variables): AsyncGenerator<string> {
  yield* await onPath(`python${version.split('.').slice(0, 2).join('.')}`, env);
  for (const { path, version: named } of await everyPython(env))
    if (matches(named, version) || matches(version, named)) yield path;
  for (const name of ['python3', 'python']) yield* await onPath(name, env);
}

/** Inspects one interpreter after the other, each once, until `problem` returns undefined. */
async function tryAll(
  paths: AsyncIterable<string> | string[],
  machine: Machine,
  problem: (found: Interpreter) => string | undefined,
): Promise<{ suitable?: Interpreter; refused: (Interpreter | BrokenInterpreter)[] }> {
  const refused: (Interpreter | BrokenInterpreter)[] = [];
  const inspected = new Set<string>();
  for await (const path of paths) {
    if (inspected.has(path)) continue;
    inspected.add(path);
    const found = await inspectInterpreter(path, machine);
    if (isBroken(found)) refused.push(found);
    else if (problem(found) === undefined) return { suitable: found, refused };
    else if (!refused.some((other) => !isBroken(other) && other.base === found.base)) refused.push(found);
  }
  return { refused };
}

/** Why an interpreter is not suitable; undefined if it is. */
function problemOf({ implementation, release, version }: Interpreter): string | undefined {
  if (implementation !== 'cpython') return `is ${implementation}, not CPython`;
  const [major = 0, minor = 0] = release;
  const enough = major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
  return enough ? undefined : `is Python ${version}: too old`;
}

const listed = (found: (Interpreter | BrokenInterpreter)[]): string =>
  found
    .map((one) =>
      isBroken(one)
        ? `${one.path} ${one.problem}`
        : `${one.executable} ${problemOf(one) ?? `is Python ${one.version}`}`,
    )
    .map((line) => `  ${line}`)
    .join('\n');
