/** Checks a project folder without running its code. */
import { readFile, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { LocalEnvironments } from '../../adapters/local/environments/local-environments.ts';
import { checkPlaceForRuns } from '../../adapters/local/runs/check-file-system.ts';
import type { Config } from '../../core/config/config.ts';
import { awsSettings } from '../../core/config/dotenv.ts';
import { loadConfig } from '../../core/config/load-config.ts';
import { notices } from '../../core/config/unused-keys.ts';
import { plural } from '../../core/format/numbers.ts';
import { migrateDockerfile } from '../../core/migrate/dockerfile.ts';
import type { Plan } from '../../core/run-store/plan/plan.ts';
import { checkProject } from '../../runs/check-project.ts';
import { planInMemory } from '../../runs/local/plan-in-memory.ts';
import { defaultSelection } from '../run/selection.ts';
import { shellPath } from '../terminal/paths.ts';
import { expectedTime } from '../terminal/plan.ts';
import { kindLines, Listing, mixedLines, passedLines, unusedLines } from '../terminal/planned-files.ts';
import { type Check, checked, note, ok } from './check.ts';
import { requirementsChecks } from './requirements.ts';
import { taskVariablesCheck } from './task-variables.ts';

/**
 * @param project absolute path of an existing folder
 * @param listing receives each file
 * @param onPlan called with the plan of a run, if planning succeeds
 */
export async function projectChecks(
  project: string,
  listing = new Listing(false),
  onPlan?: (plan: Plan, asked: { workers: number; repetitions: number }) => void,
): Promise<Check[]> {
  const environments = new LocalEnvironments();
  const checks: Check[] = [];
  let config: Config | undefined;
  checks.push(
    await checked('config.yaml', async () => {
      config = await loadConfig(project);
      return ok(plural(config.given.length, 'key'));
    }),
  );
  // For any target: keys for a cluster are not reported.
  const hint = `Remove what is left of the predecessor: gcd-sfn init ${shellPath(project)} --migrate`;
  for (const notice of config ? notices(config, 'eks') : [])
    checks.push({ what: 'config.yaml', ...note(notice.replace(/^config\.yaml: /, ''), hint) });

  const wanted = config?.python ?? null;
  const python = await checked('Python', async () => {
    const { version, executable } = await environments.interpreter(wanted, project);
    return ok(`${version}, ${executable}`);
  });
  checks.push(python);
  checks.push(
    await checked('entrypoint.py', async () => {
      if (python.state === 'wrong') return note('not checked: Python is missing');
      await checkProject(environments, project, wanted);
      return ok('defines entrypoint');
    }),
  );
  checks.push(...(await requirementsChecks(environments, project, wanted, python.state === 'ok', hint)));
  if (
    config &&
    python.state !== 'wrong' &&
    !checks.some(({ what, state }) => what === 'requirements.txt' && state === 'wrong')
  )
    checks.push(await taskVariablesCheck(environments, project, config));
  checks.push(
    await checked('runs', async () => {
      await checkPlaceForRuns(project);
      return ok('can be stored in .gcd');
    }),
  );
  if (await isOfPredecessor(project))
    checks.push({
      what: 'Dockerfile',
      ...note("copies the predecessor's servers, which do not exist any more", hint),
    });
  if (config) checks.push(...(await dataChecks(project, config, listing, onPlan)));
  return checks;
}

async function dataChecks(
  project: string,
  config: Config,
  listing: Listing,
  onPlan: Parameters<typeof projectChecks>[2],
): Promise<Check[]> {
  // The defaults of a run.
  const asked = { workers: availableParallelism(), repetitions: 1 };
  const { workers } = asked;
  let plan: Plan | undefined;
  const checks = [
    await checked('data', async () => {
      plan = await planInMemory(
        { project, config, selection: defaultSelection(config), workers },
        await awsSettings(process.cwd()),
        (file) => listing.add(file),
      );
      const { files, tasks, skipped } = plan;
      const found = `${plural(files - skipped.count, 'file')}, ${plural(tasks, 'task')}`;
      if (skipped.count === 0) return ok(found);
      const few = skipped.first.slice(0, 5).map(({ file, why }) => `  ${file}: ${why}`);
      return ok([`${found}; ${plural(skipped.count, 'file')} without a task`, ...few].join('\n'));
    }),
  ];
  if (plan) {
    onPlan?.(plan, asked);
    const lines = [...listing.lines(), ...kindLines(plan), ...passedLines(plan)];
    checks.push({ what: 'columns', ...ok(lines.join('\n')) });
    checks.push({ what: 'time', ...ok(expectedTime(plan, asked)) });
    for (const line of mixedLines(plan)) checks.push({ what: 'keywords', ...note(line) });
    for (const line of unusedLines(plan))
      checks.push({
        what: 'keywords',
        ...note(line, 'Correct process_column_keywords in config.yaml, or remove it there.'),
      });
  }
  const licence = config.solverLicenceFile;
  if (licence !== null && !(await stat(licence).catch(() => undefined)))
    checks.push({
      what: 'solver',
      ...note(
        `${licence} does not exist`,
        'Put the licence there, or change solver_lic_file_local_source in config.yaml.',
      ),
    });
  return checks;
}

async function isOfPredecessor(project: string): Promise<boolean> {
  const text = await readFile(join(project, 'Dockerfile'), 'utf8').catch(() => undefined);
  return text !== undefined && migrateDockerfile(text) !== undefined;
}
