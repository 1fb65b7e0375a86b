/** Makes a new run, or takes up an old one: its folder, its frozen code, its request. */
import { join } from 'node:path';
import { freeze, type Project, projectDigest } from '../adapters/local/runs/freeze.ts';
import type { HeldRun, RunsFolder } from '../adapters/local/runs/runs-folder.ts';
import { keyMatcher } from '../functions/plan/glob.ts';
import { layout } from '../ports/layout.ts';
import type { RunRequest } from '../ports/request.ts';

export interface BegunRun {
  request: RunRequest;
  held: HeldRun;
  /** Path of the frozen project. */
  code: string;
}

const codeFolder = ({ folder }: HeldRun) => join(folder, 'code');

function projectOf({ project, config }: Pick<RunRequest, 'project' | 'config'>): Project {
  return {
    folder: project,
    data: config.dataBucket.kind === 'folder' ? config.dataBucket.path : null,
    isDataFile: keyMatcher(config.filePattern),
  };
}

/** @throws UsageError when the name is taken */
export async function beginRun(runs: RunsFolder, wanted: Omit<RunRequest, 'codeDigest'>): Promise<BegunRun> {
  const held = await runs.create(wanted.run);
  try {
    const { digest, path } = await freeze(projectOf(wanted), codeFolder(held));
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

/**
 * @param useEdited take the project as it is now, instead of as it was when the run began
 * @returns also whether the project was edited since
 * @throws RunNotFound, RunLocked
 */
export async function takeUpRun(
  runs: RunsFolder,
  name: string | undefined,
  useEdited: boolean,
): Promise<BegunRun & { edited: boolean }> {
  const found = await runs.find(name);
  const held = runs.hold(found.run);
  try {
    const project = projectOf(found);
    if (!useEdited) {
      const edited = (await projectDigest(project)) !== found.codeDigest;
      return { request: found, held, edited, code: join(codeFolder(held), found.codeDigest.slice(0, 16)) };
    }
    const { digest, path } = await freeze(project, codeFolder(held));
    const edited = digest !== found.codeDigest;
    const request = { ...found, codeDigest: digest };
    if (edited) await held.store.write(layout.request, JSON.stringify(request, undefined, 2));
    return { request, held, edited, code: path };
  } catch (error) {
    held.release();
    throw error;
  }
}
