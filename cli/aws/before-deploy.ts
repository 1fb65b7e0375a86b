/** What a deploy would disturb, and whether it goes on all the same. */

import { bucketLayout } from '../../core/bucket/bucket-layout.ts';
import { InUse, RunInterrupted, VersionMismatch } from '../../core/errors/errors.ts';
import { layout } from '../../core/run-store/layout.ts';
import { requestHeadSchema } from '../../core/run-store/request/request-schema.ts';
import { readJson } from '../../core/run-store/status/counts.ts';
import type { Store } from '../../core/store.ts';
import { fits, isNewer, minorOf } from '../../core/version.ts';
import type { Cloud } from '../../runs/aws/cloud.ts';
import { ago } from '../status/words.ts';
import { count } from '../view/units.ts';
import type { Asking } from './confirm.ts';
import { personOf } from './person.ts';

export interface Leave {
  yes: boolean;
  /** Whatever is in the way. */
  force: boolean;
}

/**
 * An older version than the stack's would take it back for everybody.
 * @param there the stack's version; null: it does not say
 * @throws VersionMismatch when nobody can be asked, RunInterrupted when the answer is no
 */
export async function askAboutOlder(
  there: string | null,
  own: string,
  { yes, force }: Leave,
  { interactive, ask }: Asking,
): Promise<void> {
  if (there === null || !isNewer(there, own) || force) return;
  const says = `the stack is of version ${there}, and this is gcd-sfn ${own}, which is older`;
  if (interactive && !yes) {
    console.error(says);
    if (await ask(`Take the stack back to ${own}, for everybody who uses it?`, false)) return;
    throw new RunInterrupted('nothing was done');
  }
  throw new VersionMismatch(says, {
    hint: `Take a newer version: npm install --global gcd-sfn@${minorOf(there)}. To take the stack back to ${own}: gcd-sfn deploy --force`,
  });
}

/**
 * Whatever is at work calls functions that would be others from one moment to the next.
 * @param stack ports onto the stack that is there
 * @throws InUse when something is at work and nobody can be asked, RunInterrupted when the answer is no
 */
export async function askAboutRuns(
  stack: Pick<Cloud, 'executions' | 'store' | 'clock'>,
  { yes, force }: Leave,
  { interactive, ask }: Asking,
): Promise<void> {
  const lines = await atWork(stack);
  if (lines.length === 0) return;
  const says = `${count(lines.length, 'execution')} of the stack ${lines.length === 1 ? 'is' : 'are'} running, and may fail when the functions change:`;
  const list = [says, ...lines.map((line) => `  ${line}`)].join('\n');
  if (force) return console.error(list);
  if (interactive && !yes) {
    console.error(list);
    if (await ask('Change the stack now, all the same?', false)) return;
    throw new RunInterrupted('nothing was changed');
  }
  throw new InUse(list, {
    hint: 'Wait until they have ended, or stop them: gcd-sfn stop RUN, and go on with them after: gcd-sfn resume RUN. To change the stack under them: gcd-sfn deploy --force',
  });
}

/** A line each: the run, whose it is, since when. */
async function atWork({
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
      const started = ago(requestedAt, clock.now());
      return `run ${run} of project ${projectName}, by ${personOf(by)}, begun ${started} (execution ${name})`;
    }),
  );
}

/** What can be told of a request of any version; undefined when that is nothing. */
const headOf = async (store: Store, key: string) =>
  requestHeadSchema.safeParse(await readJson<unknown>(store, key)).data;

/**
 * Schedules whose runs the stack of this version would refuse: their images have another version's worker.
 * @returns a line for them; undefined when there is none
 */
export async function oldSchedules(
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
  return `${count(old.length, 'schedule')} of another version: ${old.join(', ')}; their runs are refused until you make ${they} anew: gcd-sfn schedule delete NAME, gcd-sfn schedule create NAME …`;
}
