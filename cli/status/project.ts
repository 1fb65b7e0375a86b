/** The project whose runs are asked about. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import { ProjectInvalid } from '../../ports/errors.ts';

/** @throws ProjectInvalid when there is no such folder */
export async function projectAndRuns(folder: string): Promise<{ project: string; runs: RunsFolder }> {
  const project = resolve(folder);
  const isFolder = await stat(project).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder)
    throw new ProjectInvalid(`there is no folder ${project}`, {
      mend: 'Name the project folder with --project.',
    });
  return { project, runs: new RunsFolder(project) };
}
