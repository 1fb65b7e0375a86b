/** The runs of a project's folder: those that worked on this machine, and those on AWS that it knows. */
import { readRemote } from '../adapters/local/runs/remote-file.ts';
import { RunsFolder } from '../adapters/local/runs/runs-folder.ts';
import type { RunStatus } from '../core/run-store/status/run-status.ts';
import type { Run, Runs } from '../ports/runs.ts';
import type { Connect } from './aws/aws-run.ts';
import { nameOfRun, readRuns } from './local/find-runs.ts';
import { LocalRun } from './local/local-run.ts';

export class ProjectRuns implements Runs {
  readonly project: string;
  readonly folder: RunsFolder;
  readonly #connect: Connect;
  readonly #pollSeconds: number | undefined;

  /**
   * @param project absolute path
   * @param connect called when a run on AWS is asked for something
   * @param pollSeconds between two polls of a run on AWS that is followed
   */
  constructor(project: string, connect: Connect, pollSeconds?: number) {
    this.project = project;
    this.folder = new RunsFolder(project);
    this.#connect = connect;
    this.#pollSeconds = pollSeconds;
  }

  list(): Promise<RunStatus[]> {
    return readRuns(this.folder);
  }

  async open(name: string | undefined, { atWork = false }: { atWork?: boolean } = {}): Promise<Run> {
    const run = atWork ? await nameOfRun(this.folder, name) : (await this.folder.find(name)).run;
    const remote = readRemote(this.folder.folderOf(run));
    if (!remote) return new LocalRun(this.folder, this.project, run);
    // Nothing about AWS is loaded for a run on this machine.
    const { AwsRun } = await import('./aws/aws-run.ts');
    return new AwsRun(this.folder, {
      ...{ name: run, project: this.project, remote, connect: this.#connect },
      ...(this.#pollSeconds !== undefined && { pollSeconds: this.#pollSeconds }),
    });
  }
}
