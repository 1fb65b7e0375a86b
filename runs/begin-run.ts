/** Makes a new run, or takes up an old one: its folder, its frozen code, its request. */
import { join } from 'node:path';
import type { Project } from '../adapters/local/project/code-files.ts';
import {
  type Change,
  changesInCopy,
  changesSince,
  type Frozen,
  freeze,
  frozenPath,
  removeCopy,
} from '../adapters/local/project/frozen-project.ts';
import type { LockedRun, RunsFolder } from '../adapters/local/runs/runs-folder.ts';
import { ProjectInvalid } from '../core/errors/errors.ts';
import { layout } from '../core/run-store/layout.ts';
import type { RunRequest } from '../core/run-store/request/request.ts';
import { keyMatcher } from '../core/values/glob.ts';

export interface PreparedRun {
  request: RunRequest;
  held: LockedRun;
  /** Path of the frozen project. */
  code: string;
  /** Paths in the project that are not copied, because they cannot be read. */
  leftOut?: string[];
}

/** How many names a sentence holds. */
const changesShown = 3;

const codeFolder = ({ folder }: Pick<LockedRun, 'folder'>) => join(folder, 'code');

function projectOf({ project, config }: Pick<RunRequest, 'project' | 'config'>): Project {
  return {
    folder: project,
    // What was copied from a folder is no code, whether it lies in the project or not.
    data: (config.dataBucket.kind === 'folder' ? config.dataBucket.path : config.dataBucket.folder) ?? null,
    isDataFile: keyMatcher(config.filePattern),
  };
}

/** Copies the project into the folder of its run. @returns the copy's digest and path, and what is not in it */
export function freezeFor(
  held: Pick<LockedRun, 'folder'>,
  wanted: Pick<RunRequest, 'project' | 'config'>,
): Promise<Frozen> {
  return freeze(projectOf(wanted), codeFolder(held));
}

/** @throws UsageError when the name is taken */
export async function beginRun(
  runs: RunsFolder,
  wanted: Omit<RunRequest, 'codeDigest'>,
): Promise<PreparedRun> {
  const held = await runs.create(wanted.run);
  try {
    const { digest, path, leftOut } = await freezeFor(held, wanted);
    const request: RunRequest = { ...wanted, codeDigest: digest };
    // Last, because a run without a request is no run.
    await held.store.write(layout.request, JSON.stringify(request, undefined, 2));
    return { request, held, code: path, leftOut };
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
 * @param tell hears what was mended
 * @throws RunNotFound, RunLocked; ProjectInvalid when the copy is not what it was, and the project neither
 */
export async function reopenRun(
  runs: RunsFolder,
  name: string | undefined,
  choose: (changes: Change[]) => Promise<CodeChoice>,
  tell: (line: string) => void = () => {},
): Promise<PreparedRun> {
  const found = await runs.find(name);
  const held = runs.hold(found.run);
  try {
    const project = projectOf(found);
    const changes = await changesSince(project, codeFolder(held), found.codeDigest);
    if (changes.length === 0 || (await choose(changes)) === 'frozen') {
      await checkCopy(found, held, changes.length === 0, tell);
      return { request: found, held, code: frozenPath(codeFolder(held), found.codeDigest) };
    }
    const { digest, path } = await freeze(project, codeFolder(held));
    const request = { ...found, codeDigest: digest };
    // It may be one that was made before.
    await checkCopy(request, held, true, tell);
    await held.store.write(layout.request, JSON.stringify(request, undefined, 2));
    return { request, held, code: path };
  } catch (error) {
    held.release();
    throw error;
  }
}

/** Half of a run must not be of other code than the rest: a copy that was changed is made again, or the run refused. */
async function checkCopy(
  { run, project, config, codeDigest }: RunRequest,
  held: LockedRun,
  isProjectSame: boolean,
  tell: (line: string) => void,
): Promise<void> {
  const folder = codeFolder(held);
  const changes = await changesInCopy({ folder: project }, folder, codeDigest);
  if (changes.length === 0) return;
  const named = changes.slice(0, changesShown).map(({ path }) => JSON.stringify(path).slice(1, -1));
  const what = `the run's copy of the code was changed: ${named.join(', ')}${changes.length > changesShown ? ', …' : ''}`;
  if (!isProjectSame)
    throw new ProjectInvalid(`${what}; and the project is not what it was when the run began`, {
      hint: `gcd-sfn resume ${run} --use-edited goes on with the project's code as it is now; or start another run.`,
    });
  await removeCopy(folder, codeDigest);
  const { digest } = await freezeFor(held, { project, config });
  if (digest !== codeDigest) throw new ProjectInvalid(`${what}; the project is not that of run ${run}`);
  tell(`${what}; it was made again from the project, which is as it was`);
}

/** What was edited in a run's project since the run began. */
export async function editedSince(runs: RunsFolder, request: RunRequest): Promise<Change[]> {
  const folder = runs.folderOf(request.run);
  return changesSince(projectOf(request), codeFolder({ folder }), request.codeDigest);
}
