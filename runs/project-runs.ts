/** The runs of a project's folder. The one place that decides between this machine and AWS. */
import { LocalEnvironments } from '../adapters/local/environments/local-environments.ts';
import { readRemote } from '../adapters/local/runs/remote-file.ts';
import { RunsFolder } from '../adapters/local/runs/runs-folder.ts';
import type { DraftRequest, EksDraft, LocalDraft } from '../core/run-store/request/draft.ts';
import type { RunStatus } from '../core/run-store/status/run-status.ts';
import type { Run, Runs, StackPlace, StartedRun, StartOptions } from '../ports/runs.ts';
import type { AwsServices } from './aws/aws-run.ts';
import { nameOfRun, readRuns } from './local/list-runs.ts';
import { LocalRun } from './local/local-run.ts';

export interface ProjectRunsOptions extends AwsServices {
  /** Python environments of a run that is started on this machine. */
  environments?: LocalEnvironments;
}

/** Nothing about AWS is loaded for a run on this machine. */
export class ProjectRuns implements Runs {
  readonly project: string;
  readonly folder: RunsFolder;
  readonly #options: ProjectRunsOptions;

  /** @param project absolute path @throws ProjectInvalid when a link leads from the runs' folder out of the project */
  constructor(project: string, options: ProjectRunsOptions) {
    this.project = project;
    this.folder = new RunsFolder(project);
    this.#options = options;
  }

  list(): Promise<RunStatus[]> {
    return readRuns(this.folder);
  }

  async open(name: string | undefined, { atWork = false }: { atWork?: boolean } = {}): Promise<Run> {
    const run = atWork ? await nameOfRun(this.folder, name) : (await this.folder.find(name)).run;
    if (!readRemote(this.folder.folderOf(run))) return new LocalRun(this.folder, this.project, run);
    const { AwsRun } = await import('./aws/aws-run.ts');
    return AwsRun.known(this.folder, run, this.#options);
  }

  async start(draft: DraftRequest, { report, stack }: StartOptions): Promise<StartedRun> {
    const { environments = new LocalEnvironments(), ...services } = this.#options;
    if (isLocal(draft)) return LocalRun.start(this.folder, draft, { environments, report });
    if (!stack) throw new Error('a run on a cluster needs a stack');
    const { AwsRun } = await import('./aws/aws-run.ts');
    return AwsRun.start(this.folder, draft as EksDraft, { ...services, stack, report });
  }

  async import(name: string, from: StackPlace, onNotice: (line: string) => void): Promise<void> {
    if ((await this.folder.names()).includes(name)) return;
    const { importRun } = await import('./aws/start/import-run.ts');
    await importRun(await this.#options.connect(from), this.folder, name, onNotice);
  }
}

const isLocal = (draft: DraftRequest): draft is LocalDraft => draft.target.kind === 'local';
