/** A new run on this machine. */
import { availableParallelism } from 'node:os';
import { basename, resolve } from 'node:path';
import { LocalEnvironments } from '../../../adapters/local/environments/local-environments.ts';
import { refuseResultsElsewhere } from '../../../adapters/local/project/outside-links.ts';
import { version } from '../../../adapters/local/version.ts';
import { loadConfig } from '../../../core/config/load-config.ts';
import { notices } from '../../../core/config/unused-keys.ts';
import type { LocalDraft } from '../../../core/run-store/request/draft.ts';
import { checkProject } from '../../../runs/check-project.ts';
import { openRuns } from '../../run/open-runs.ts';
import { select } from '../../run/selection.ts';
import { shownPath } from '../../terminal/paths.ts';
import { detachLocal } from './detach.ts';
import { dryRun } from './dry-run.ts';
import type { NewRun } from './new-run.ts';
import { argumentsOf, refuseClusterOptions, type StartOptions } from './options.ts';
import { startReport } from './parts.ts';
import { newRunName } from './run-name.ts';

/** @throws UsageError, ProjectInvalid, ConfigInvalid, PythonUnsuitable */
export async function newLocalRun(options: StartOptions): Promise<NewRun> {
  refuseClusterOptions(options);
  const json = options.json ?? false;
  const project = resolve(options.project);
  const environments = new LocalEnvironments({ renew: options.renewPackages ?? false });
  const runs = await openRuns(project, { environments });
  refuseResultsElsewhere(project);
  const config = await loadConfig(project);
  const selection = select(options, config);
  for (const notice of notices(config, 'local')) console.error(notice);
  await checkProject(environments, project, config.python);
  const draft: LocalDraft = {
    run: options.name ?? newRunName(),
    version: version(),
    requestedAt: Date.now() / 1000,
    project,
    projectName: basename(project),
    config,
    selection,
    target: { kind: 'local' },
    workers: options.scalenodes ?? availableParallelism(),
    repetitions: options.repeat,
  };
  return {
    dryRun: () => dryRun(draft, json),
    // It costs nothing.
    confirm: async () => {},
    detach: () => detachLocal(argumentsOf(options), { project, run: draft.run, json }),
    start: async () => {
      const started = await runs.start(draft, { report: startReport(config) });
      console.error(`run ${draft.run} of ${shownPath(project)}, ${draft.workers} workers on this machine`);
      return started;
    },
  };
}
