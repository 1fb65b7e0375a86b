/** What the suite is asked for: variables, so that nothing begins by a mistyped command. */
import { randomBytes } from 'node:crypto';

export interface Settings {
  /** Number of the account that it may use: it has to be that of the credentials. */
  account: string;
  /** Null: that of the environment or the profile. */
  region: string | null;
  /** Name of the stack, the cluster and, with `-data`, the bucket: nothing else is touched. */
  name: string;
  /** US dollars, of each run. */
  budget: number;
  /** From which on nothing is begun but the removal, in milliseconds since 1970. */
  deadline: number;
  instanceType: string;
  /** Of the tasks of the run that is stopped. */
  longSeconds: number;
  /** Between two looks, in milliseconds. */
  pauseMs: number;
  /** Of the report. */
  folder: string;
}

/** With a sentence for whoever started it. */
export class Refused extends Error {}

const usage = `Set GCD_TEST_ACCOUNT to the number of the AWS account that the suite may use:

  GCD_TEST_ACCOUNT=123456789012 npm run test:account

It deploys a stack of its own, makes a cluster, runs examples/sleep three times, and removes everything again. Also:
  AWS_REGION, AWS_PROFILE     as for gcd-sfn
  GCD_TEST_INSTANCE_TYPE      m6i.large; on AWS's free plan take m7i-flex.large
  GCD_TEST_BUDGET             most US dollars of each run; 2
  GCD_TEST_MINUTES            after so many minutes only the removal is left; 120
  GCD_TEST_REPORT             folder of the report; account-report-… here`;

/** @throws Refused */
export function settingsOf(env: Record<string, string | undefined>, now: Date): Settings {
  const account = env.GCD_TEST_ACCOUNT ?? '';
  if (!/^\d{12}$/.test(account)) throw new Refused(usage);
  const name = `gcd-test-${randomBytes(4).toString('hex')}`;
  const day = now.toISOString().slice(0, 16).replace(/[:T]/g, '-');
  return {
    ...{ account, name, region: env.AWS_REGION || env.AWS_DEFAULT_REGION || null },
    budget: positive(env, 'GCD_TEST_BUDGET', 2),
    deadline: now.getTime() + positive(env, 'GCD_TEST_MINUTES', 120) * 60_000,
    instanceType: env.GCD_TEST_INSTANCE_TYPE || 'm6i.large',
    longSeconds: positive(env, 'GCD_TEST_LONG_SECONDS', 50),
    pauseMs: positive(env, 'GCD_TEST_PAUSE_MS', 10_000),
    folder: env.GCD_TEST_REPORT || `account-report-${day}`,
  };
}

function positive(env: Record<string, string | undefined>, name: string, standard: number): number {
  const value = env[name] ? Number(env[name]) : standard;
  if (value > 0) return value;
  throw new Refused(`${name} must be a number above 0, not ${env[name]}`);
}
