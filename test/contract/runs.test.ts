/** The contract of runs, for runs on AWS in an account in memory; test/long/local-runs.test.ts has the same for local runs. */

import { draftRequest, readProject } from '../../cli/aws/resolve-request.ts';
import { ProjectRuns } from '../../runs/project-runs.ts';
import { begun, options, parts, projectOf } from '../support/cloud/begin.ts';
import { memoryCloud } from '../support/cloud/client.ts';
import { newWorld } from '../support/cloud/run.ts';
import { type AtWork, afterwards, type NewProject, runsContract, startContract } from './suites/runs.ts';

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

async function newOnAws(): Promise<NewProject> {
  const { folder } = await projectOf();
  const account = memoryCloud(await newWorld({}, []));
  const project = await readProject(folder, options(folder));
  const { draft } = await draftRequest(account.cloud, project, options(folder), 'calm-owls');
  const runs = new ProjectRuns(folder, parts(account).services);
  return { folder, runs, draft, stack: { stack: 'gcd-sfn', region: null } };
}

startContract('on AWS', newOnAws);
