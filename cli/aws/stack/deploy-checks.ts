/** What a deploy would disrupt: asks for confirmation, or refuses. */

import { bucketLayout } from '../../../core/bucket/bucket-layout.ts';
import { InUse, RunInterrupted, VersionMismatch } from '../../../core/errors/errors.ts';
import { formatAgo } from '../../../core/format/dates.ts';
import { plural } from '../../../core/format/numbers.ts';
import { layout } from '../../../core/run-store/layout.ts';
import { requestHeadSchema } from '../../../core/run-store/request/request.ts';
import { readJson, type Store } from '../../../core/store.ts';
import { fits, isNewer, minorOf } from '../../../core/version.ts';
import type { Cloud } from '../../../runs/aws/cloud.ts';
import type { Asking } from '../confirm.ts';
import { personOf } from '../person.ts';

export interface DeployConsent {
  /** `--yes`: do not prompt. */
  yes: boolean;
  /** `--force`: skip these checks. */
  force: boolean;
}

/**
 * A deploy by an older version downgrades the stack for all its users.
 * @param there the stack's version; null: unknown
 * @throws VersionMismatch without a terminal, RunInterrupted when the answer is no
 */
export async function confirmDowngrade(
  there: string | null,
  own: string,
  { yes, force }: DeployConsent,
  { interactive, ask }: Asking,
): Promise<void> {
  if (there === null || !isNewer(there, own) || force) return;
  const says = `the stack has version ${there}, and this is gcd-sfn ${own}, which is older`;
  if (interactive && !yes) {
    console.error(says);
    if (await ask(`Downgrade the stack to ${own}, for everybody who uses it?`, false)) return;
    throw new RunInterrupted('nothing was done');
  }
  throw new VersionMismatch(says, {
    hint: `Use a newer version: npm install --global gcd-sfn@${minorOf(there)}. To downgrade the stack to ${own}: gcd-sfn deploy --force`,
  });
}

/**
 * Running executions call the stack's functions, which a deploy replaces.
 * @param stack ports to the deployed stack
 * @throws InUse when executions are running and there is no terminal, RunInterrupted when the answer is no
 */
export async function confirmDespiteRunning(
  stack: Pick<Cloud, 'executions' | 'store' | 'clock'>,
  { yes, force }: DeployConsent,
  { interactive, ask }: Asking,
): Promise<void> {
  const lines = await runningExecutions(stack);
  if (lines.length === 0) return;
  const says = `${plural(lines.length, 'execution')} of the stack ${lines.length === 1 ? 'is' : 'are'} running, and may fail when the functions change:`;
  const list = [says, ...lines.map((line) => `  ${line}`)].join('\n');
  if (force) return console.error(list);
  if (interactive && !yes) {
    console.error(list);
    if (await ask('Update the stack now?', false)) return;
    throw new RunInterrupted('nothing was changed');
  }
  throw new InUse(list, {
    hint: 'Wait until they have ended, or stop them: gcd-sfn stop RUN, and resume them afterwards: gcd-sfn resume RUN. To update the stack while they run: gcd-sfn deploy --force',
  });
}

/** A line for each: run, person, start time. */
async function runningExecutions({
  executions,
  store,
  clock,
}: Pick<Cloud, 'executions' | 'store' | 'clock'>): Promise<string[]> {
  const found = [...(await executions.running('run')), ...(await executions.running('cleanup'))];
  return Promise.all(
    found.map(async ({ name, run }) => {
      const request = run === null ? undefined : await headOf(store(bucketLayout.run(run)), layout.request);
      if (!request) return `execution ${name}`;
      const { projectName, by, requestedAt } = request;
      const started = formatAgo(requestedAt, clock.now());
      return `run ${run} of project ${projectName}, by ${personOf(by)}, started ${started} (execution ${name})`;
    }),
  );
}

/** The fields that a request of any version has; undefined when it cannot be read. */
const headOf = async (store: Store, key: string) =>
  requestHeadSchema.safeParse(await readJson<unknown>(store, key)).data;

/**
 * Schedules whose runs a stack of this version rejects, since their images contain another version's worker.
 * @returns a line that names them; undefined when there are none
 */
export async function outdatedSchedules(
  { schedules, store }: Pick<Cloud, 'schedules' | 'store'>,
  own: string,
): Promise<string | undefined> {
  const old: string[] = [];
  for (const { name } of await schedules.list()) {
    const request = await headOf(store(''), bucketLayout.request(name));
    if (request && !fits(request.version, own)) old.push(`${name} (${request.version})`);
  }
  if (old.length === 0) return undefined;
  const they = old.length === 1 ? 'it' : 'them';
  return `${plural(old.length, 'schedule')} of another version: ${old.join(', ')}; their runs are rejected until you recreate ${they}: gcd-sfn schedule delete NAME, gcd-sfn schedule create NAME …`;
}
