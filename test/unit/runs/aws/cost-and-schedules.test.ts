/** `cost` and `schedule`, with an account in memory. */
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { costOfProject, costOfRun } from '../../../../cli/aws/cost.ts';
import { schedule } from '../../../../cli/aws/schedules/schedule.ts';
import { start } from '../../../../cli/commands/start/start.ts';
import { exists, readAll } from '../../../../core/store.ts';
import { newProject } from '../../../support/cli/project.ts';
import { memoryCloud } from '../../../support/cloud/client.ts';
import { newWorld } from '../../../support/cloud/run.ts';

const files = {
  'entrypoint.py': 'def entrypoint(**_): return {}\n',
  'config.yaml': 'data_bucket: s3://data\nregion: us-west-2\n',
};
const cleanUps: (() => Promise<void>)[] = [];
let printed: string[] = [];
beforeEach(() => {
  printed = [];
  for (const stream of ['log', 'error'] as const)
    jest.spyOn(console, stream).mockImplementation((line = '') => void printed.push(String(line)));
  jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
});
afterEach(async () => {
  jest.restoreAllMocks();
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

async function world(config: Record<string, string> = {}) {
  const lines = Object.entries(config).map(([key, value]) => `${key}: ${value}\n`);
  const made = await newProject({ ...files, 'config.yaml': files['config.yaml'] + lines.join('') });
  cleanUps.push(made.remove);
  const of = await newWorld({}, []);
  const account = memoryCloud(of);
  const connect = async () => account.cloud;
  const pack = async () => ({ digest: 'd1', body: () => 'zip' });
  return { project: made.folder, world: of, ...account, connect, pack };
}

const asked = { file: [], number: 0, repeat: 1 };

test('cost tells an hour for each number of nodes, and time and dollars once the tasks have run', async () => {
  const { project, connect, pack } = await world();
  const options = { ...asked, project, nodes: [1, 4] };
  await costOfProject(options, { connect });
  expect(printed.join('\n')).toMatch(/^ +1 +2 +\$0\.\d+ +not known +not known$/m);
  expect(printed.join('\n')).toContain('how long it takes is not known');
  const asking = { interactive: false, ask: async () => true };
  const run = { ...asked, project, cluster: 'lab', create: true, name: 'owls' };
  const services = { connect, pack, pollSeconds: 0.001 };
  await start(run, { services, asking, check: async () => {} });
  printed = [];
  await costOfProject({ ...options, json: true }, { connect });
  const [one, four] = JSON.parse(printed.join('\n')).estimates;
  expect(four.perHour).toBeGreaterThan(one.perHour);
  expect(four.seconds.high).toBeLessThan(one.seconds.high);
  printed = [];
  await costOfRun('owls', { ...options, json: true }, { connect });
  const cost = JSON.parse(printed.join('\n'));
  expect(cost.executions).toMatchObject([{ execution: 'owls-1', dollars: cost.dollars }]);
  expect(cost.dollars).toBeGreaterThan(0);
});

test('a schedule keeps the request and its sources, is listed, and goes with its request', async () => {
  const { project, connect, pack, bucket, cloud } = await world();
  const parts = { connect, pack };
  const options = { ...asked, project, cluster: 'lab', expression: 'rate(1 day)' };
  await schedule('create', 'nightly', options, parts);
  expect(await cloud.schedules.find('nightly')).toEqual({
    ...{ name: 'nightly', expression: 'rate(1 day)', timezone: null, request: 'requests/nightly.json' },
  });
  const request = JSON.parse((await readAll(bucket, 'requests/nightly.json')).toString());
  expect(request.target).toMatchObject({ cluster: { name: 'lab' }, image: { digest: 'd1' } });
  expect(await exists(bucket, 'sources/d1.zip')).toBe(true);
  await expect(schedule('create', 'nightly', options, parts)).rejects.toThrow(
    'there is a schedule nightly already',
  );
  printed = [];
  await schedule('list', undefined, { ...options, json: true }, parts);
  expect(JSON.parse(printed.join('\n')).schedules).toMatchObject([{ name: 'nightly' }]);
  await schedule('delete', 'nightly', options, parts);
  expect(await cloud.schedules.list()).toEqual([]);
  expect(await exists(bucket, 'requests/nightly.json')).toBe(false);
});

test('whoever is to hear of scheduled runs is asked when the schedule is made', async () => {
  const { project, connect, pack, world: of } = await world({ notify: 'me@example.org' });
  const options = { ...asked, project, cluster: 'lab', expression: 'rate(1 day)' };
  await schedule('create', 'nightly', options, { connect, pack });
  expect(of.account.invited).toEqual(['me@example.org']);
  expect(printed.join('\n')).toContain('me@example.org gets notifications once confirmed');
});

test.each([
  [{ expression: 'daily' }, '"daily" is no time for a schedule'],
  [{}, '--expression is missing: when should the runs start?'],
])('a schedule that cannot be leaves nothing: %j', async (wrong, message) => {
  const { project, connect, pack, bucket } = await world();
  const made = schedule(
    'create',
    'nightly',
    { ...asked, project, cluster: 'lab', ...wrong },
    { connect, pack },
  );
  await expect(made).rejects.toThrow(message);
  expect(await exists(bucket, 'requests/nightly.json')).toBe(false);
});
