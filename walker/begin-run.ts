/** Makes a new run, or takes up an old one: its folder, its frozen code, its request. */
import { join } from 'node:path';
import { type Change, changesSince, freeze, frozenPath } from '../adapters/local/runs/freeze.ts';
import type { Project } from '../adapters/local/runs/project-items.ts';
import type { HeldRun, RunsFolder } from '../adapters/local/runs/runs-folder.ts';
import { keyMatcher } from '../ports/glob.ts';
import { layout } from '../ports/layout.ts';
import type { RunRequest } from '../ports/request.ts';

export interface BegunRun {
  request: RunRequest;
  held: HeldRun;
  /** Path of the frozen project. */
  code: string;
}

const codeFolder = ({ folder }: Pick<HeldRun, 'folder'>) => join(folder, 'code');

function projectOf({ project, config }: Pick<RunRequest, 'project' | 'config'>): Project {
  return {
    folder: project,
    data: config.dataBucket.kind === 'folder' ? config.dataBucket.path : null,
    isDataFile: keyMatcher(config.filePattern),
  };
}

/** Copies the project into the folder of its run. @returns the copy's digest and path */
export function freezeFor(
  held: Pick<HeldRun, 'folder'>,
  wanted: Pick<RunRequest, 'project' | 'config'>,
): Promise<{ digest: string; path: string }> {
  return freeze(projectOf(wanted), codeFolder(held));
}

/** @throws UsageError when the name is taken */
export async function beginRun(runs: RunsFolder, wanted: Omit<RunRequest, 'codeDigest'>): Promise<BegunRun> {
  const held = await runs.create(wanted.run);
  try {
    const { digest, path } = await freezeFor(held, wanted);
    const request: RunRequest = { ...wanted, codeDigest: digest };
    // Last, because a run without a request is no run.
    await held.store.write(layout.request, JSON.stringify(request, undefined, 2));
    return { request, held, code: path };
  } catch (error) {
    held.release();
    await runs.remove(wanted.run);
    throw error;
  }
}

/** Which code a run goes on with when the project was edited since it began. */
export type CodeChoice = 'frozen' | 'edited';

/**
 * @param choose asked when the project was edited: with the code as it was when the run began, or as it is now?
 * @throws RunNotFound, RunLocked
 */
export async function takeUpRun(
  runs: RunsFolder,
  name: string | undefined,
  choose: (changes: Change[]) => Promise<CodeChoice>,
): Promise<BegunRun> {
  const found = await runs.find(name);
  const held = runs.hold(found.run);
  try {
    const project = projectOf(found);
    const changes = await changesSince(project, codeFolder(held), found.codeDigest);
    if (changes.length === 0 || (await choose(changes)) === 'frozen')
      return { request: found, held, code: frozenPath(codeFolder(held), found.codeDigest) };
    const { digest, path } = await freeze(project, codeFolder(held));
    const request = { ...found, codeDigest: digest };
    await held.store.write(layout.request, JSON.stringify(request, undefined, 2));
    return { request, held, code: path };
  } catch (error) {
    held.release();
    throw error;
  }
}

/** What was edited in a run's project since the run began. */
export async function editedSince(runs: RunsFolder, request: RunRequest): Promise<Change[]> {
  const folder = runs.folderOf(request.run);
  return changesSince(projectOf(request), codeFolder({ folder }), request.codeDigest);
}
