/** Prepares a run for its next execution: locks its folder, freezes its code, writes its request. */
import { join } from 'node:path';
import type { Project } from '../adapters/local/project/code-files.ts';
import {
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
import type { CodeChange, CodeChoice } from '../ports/runs.ts';

export interface PreparedRun {
  request: RunRequest;
  held: LockedRun;
  /** Path of the frozen project. */
  code: string;
  /** Paths in the project that are not copied because they cannot be read. */
  leftOut: string[];
}

/** Changed files that a message names. */
const maxChangesNamed = 3;

const codeFolder = ({ folder }: Pick<LockedRun, 'folder'>) => join(folder, 'code');

function projectOf({ project, config }: Pick<RunRequest, 'project' | 'config'>): Project {
  return {
    folder: project,
    // A folder that was copied to S3 still holds data, not code.
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
export async function prepareRun(
  runs: RunsFolder,
  wanted: Omit<RunRequest, 'codeDigest'>,
): Promise<PreparedRun> {
  const held = await runs.create(wanted.run);
  try {
    const { digest, path, leftOut } = await freezeFor(held, wanted);
    const request: RunRequest = { ...wanted, codeDigest: digest };
    // Last: a folder without a request is not a run.
    await held.store.write(layout.request, JSON.stringify(request, undefined, 2));
    return { request, held, code: path, leftOut };
  } catch (error) {
    held.release();
    await runs.remove(wanted.run);
    throw error;
  }
}

/**
 * @param name of the run; undefined: the newest
 * @param choose called when the project was edited since the run started
 * @param onNotice gets a line when the copy of the code had to be restored
 * @throws RunNotFound, RunLocked; ProjectInvalid when neither the copy of the code nor the project is what it was
 */
export async function reopenRun(
  runs: RunsFolder,
  name: string | undefined,
  choose: (changes: CodeChange[]) => Promise<CodeChoice>,
  onNotice: (line: string) => void = () => {},
): Promise<PreparedRun> {
  const found = await runs.find(name);
  const held = runs.hold(found.run);
  try {
    const project = projectOf(found);
    const changes = await changesSince(project, codeFolder(held), found.codeDigest);
    if (changes.length === 0 || (await choose(changes)) === 'frozen') {
      await restoreCopy(found, held, changes.length === 0, onNotice);
      const code = frozenPath(codeFolder(held), found.codeDigest);
      return { request: found, held, code, leftOut: [] };
    }
    const { digest, path, leftOut } = await freeze(project, codeFolder(held));
    const request = { ...found, codeDigest: digest };
    // A copy with this digest may be an earlier one.
    await restoreCopy(request, held, true, onNotice);
    await held.store.write(layout.request, JSON.stringify(request, undefined, 2));
    return { request, held, code: path, leftOut };
  } catch (error) {
    held.release();
    throw error;
  }
}

/** All tasks of a run use the same code: a changed copy is restored from the project, or the run is refused. */
async function restoreCopy(
  { run, project, config, codeDigest }: RunRequest,
  held: LockedRun,
  isProjectSame: boolean,
  onNotice: (line: string) => void,
): Promise<void> {
  const folder = codeFolder(held);
  const changes = await changesInCopy({ folder: project }, folder, codeDigest);
  if (changes.length === 0) return;
  const named = changes.slice(0, maxChangesNamed).map(({ path }) => JSON.stringify(path).slice(1, -1));
  const what = `the run's copy of the code was changed: ${named.join(', ')}${changes.length > maxChangesNamed ? ', …' : ''}`;
  if (!isProjectSame)
    throw new ProjectInvalid(`${what}; and the project was edited since the run started`, {
      hint: `Resume with the project's code as it is now: gcd-sfn resume ${run} --use-edited. Or start another run.`,
    });
  await removeCopy(folder, codeDigest);
  const { digest } = await freezeFor(held, { project, config });
  if (digest !== codeDigest) throw new ProjectInvalid(`${what}; the project is not that of run ${run}`);
  onNotice(`${what}; it was restored from the project, which is unchanged`);
}

/** Files of a run's project that were edited since the run started. */
export async function editedSince(runs: RunsFolder, request: RunRequest): Promise<CodeChange[]> {
  const folder = runs.folderOf(request.run);
  return changesSince(projectOf(request), codeFolder({ folder }), request.codeDigest);
}
