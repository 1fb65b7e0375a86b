/** The contract of runs, for local runs that another process executes; test/contract/runs.test.ts has the same for AWS. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig } from '../../core/config/load-config.ts';
import { ProjectRuns } from '../../runs/project-runs.ts';
import {
  type AtWork,
  afterwards,
  type NewProject,
  runsContract,
  startContract,
} from '../contract/suites/runs.ts';
import { newProject, startCommand } from '../support/cli/project.ts';

const entrypoint = (signal: string) => `
import os, time
def entrypoint(curr_process_file):
    while not os.path.exists(${JSON.stringify(signal)}):
        time.sleep(0.02)
    return {"file": curr_process_file}
`;

/** As when a command is typed in a second terminal. */
async function onThisMachine(): Promise<AtWork> {
  const project = await newProject({
    'config.yaml': 'data_bucket: ./data\n',
    'data/a.bin': 'x',
    'data/b.bin': 'x',
  });
  const { folder } = project;
  const signal = join(folder, '.go');
  await writeFile(join(folder, 'entrypoint.py'), entrypoint(signal));
  afterwards(project.remove);
  const started = startCommand(['start', '-p', folder, '-n', '0', '-s', '2', '--name', 'calm-owls']);
  const runs = new ProjectRuns(folder, { connect: () => Promise.reject(new Error('asked for AWS')) });
  const go = async () => {
    await writeFile(signal, '');
    await started.finished;
  };
  afterwards(go);
  for (;;) {
    const [found] = await runs.list();
    if (found?.live?.progress?.busy === 2) break;
    if (started.process.exitCode !== null) throw new Error((await started.finished).stderr);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { folder, runs, run: await runs.open('calm-owls'), go };
}

runsContract('on this machine', onThisMachine);

async function newOnThisMachine(): Promise<NewProject> {
  const project = await newProject({
    'config.yaml': 'data_bucket: ./data\n',
    'entrypoint.py': 'def entrypoint(curr_process_file):\n    return {"file": curr_process_file}\n',
    'data/a.bin': 'x',
    'data/b.bin': 'x',
  });
  const { folder } = project;
  afterwards(project.remove);
  const runs = new ProjectRuns(folder, { connect: () => Promise.reject(new Error('asked for AWS')) });
  const draft = {
    ...{ run: 'calm-owls', version: '0.2.0', requestedAt: Date.now() / 1000 },
    ...{ project: folder, projectName: 'p', config: await loadConfig(folder) },
    selection: { kind: 'first' as const, count: 0 },
    target: { kind: 'local' as const },
    ...{ workers: 2, repetitions: 1 },
  };
  return { folder, runs, draft };
}

startContract('on this machine', newOnThisMachine);
