/** The contract of runs, for runs on AWS in an account in memory; test/long/local-runs.test.ts has the same for local runs. */
import { ProjectRuns } from '../../runs/project-runs.ts';
import { begun } from '../support/cloud/begin.ts';
import { type AtWork, afterwards, runsContract } from './suites/runs.ts';

async function onAws(): Promise<AtWork> {
  const { folder, account, go } = await begun();
  const runs = new ProjectRuns(folder, { connect: async () => account.cloud, pollSeconds: 0.001 });
  const finish = async () => {
    go();
    await account.settled();
  };
  afterwards(finish);
  return { folder, runs, run: await runs.open('calm-owls'), go: finish };
}

runsContract('on AWS', onAws);
