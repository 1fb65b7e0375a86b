/** Opens the runs of the project folder that a command names. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ProjectInvalid } from '../../core/errors/errors.ts';
import type { Connect } from '../../runs/aws/aws-run.ts';
import { ProjectRuns, type ProjectRunsOptions } from '../../runs/project-runs.ts';

/** AWS adapters are loaded with the first run there. */
const connectWhenNeeded: Connect = async (where) => (await import('../aws/connect.ts')).connect(where);

/** @throws ProjectInvalid when the folder does not exist */
export async function openRuns(
  folder: string,
  options: Partial<ProjectRunsOptions> = {},
): Promise<ProjectRuns> {
  const project = resolve(folder);
  const isFolder = await stat(project).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder)
    throw new ProjectInvalid(`there is no folder ${project}`, {
      hint: 'Name the project folder with --project.',
    });
  return new ProjectRuns(project, { connect: connectWhenNeeded, ...options });
}
