/** The ports to the cloud: every suite on the adapters in memory, fast and slow, consistent at once and after a while. */
import { describe } from '@jest/globals';
import { ManualClock } from '../support/memory/manual-clock.ts';
import { MemoryAccount } from '../support/memory-aws/account.ts';
import { MemoryBastions } from '../support/memory-aws/bastions.ts';
import { MemoryClusters } from '../support/memory-aws/clusters.ts';
import { MemoryExecutions } from '../support/memory-aws/executions.ts';
import { MemoryIdentities } from '../support/memory-aws/identities.ts';
import { MemoryImages } from '../support/memory-aws/images.ts';
import { MemoryInventory } from '../support/memory-aws/inventory.ts';
import { MemoryLicences } from '../support/memory-aws/licences.ts';
import { MemoryNodegroups } from '../support/memory-aws/nodegroups.ts';
import { MemoryNotifier } from '../support/memory-aws/notifier.ts';
import { MemoryPrices } from '../support/memory-aws/prices.ts';
import { MemoryQueues } from '../support/memory-aws/queues.ts';
import { MemoryQuotas } from '../support/memory-aws/quotas.ts';
import { MemoryReservations } from '../support/memory-aws/reservations.ts';
import { MemorySchedules } from '../support/memory-aws/schedules.ts';
import { bastionsSuite } from './suites/bastions.ts';
import { clustersSuite } from './suites/clusters.ts';
import { executionsSuite } from './suites/executions.ts';
import { identitiesSuite } from './suites/identities.ts';
import { imagesSuite } from './suites/images.ts';
import { inventorySuite, scheduledSuite } from './suites/inventory.ts';
import { nodegroupsSuite, nodegroupWanted } from './suites/nodegroups.ts';
import { until } from './suites/poll-until.ts';
import { quotasSuite } from './suites/quotas.ts';
import { reservationsSuite } from './suites/reservations.ts';
import { schedulesSuite } from './suites/schedules.ts';
import {
  invitationsSuite,
  licencesSuite,
  notifierSuite,
  pricesSuite,
  queuesSuite,
} from './suites/small-services.ts';

const clock = new ManualClock(1_800_000_000);

describe.each([
  { looks: 1, lag: 0 },
  { looks: 3, lag: 2 },
])('in memory, %j', (options) => {
  const account = () => new MemoryAccount({ clock, ...options });

  async function withCluster(name: string, of: MemoryAccount): Promise<MemoryAccount> {
    const clusters = new MemoryClusters(of);
    await clusters.create({ name, version: '1.34', tags: {} });
    await until(
      () => clusters.find(name),
      (seen) => seen?.status === 'active',
    );
    return of;
  }

  async function withNodes(count: number, of: MemoryAccount): Promise<MemoryAccount> {
    const groups = new MemoryNodegroups(await withCluster('c', of));
    await groups.create(nodegroupWanted);
    await until(
      () => groups.find('c', 'g'),
      (seen) => seen?.status === 'active',
    );
    await groups.resize('c', 'g', { desired: count });
    await until(
      () => groups.nodes('c', 'g'),
      ({ nodes }) => nodes.filter(({ ready }) => ready).length === count,
    );
    return of;
  }

  /** A thing of each kind. */
  async function full(): Promise<MemoryAccount> {
    const of = await withCluster('d', await withNodes(2, account()));
    const wanted = { run: 'r', execution: 'r-1', cluster: 'c', nodegroup: 'g', nodes: 1, slots: 2 };
    const pod = { env: {}, memoryBytes: null, licenceTarget: null, patch: {} };
    const rest = { workersPerNode: 2, image: 'd1', queueUrl: '', pod };
    await new MemoryReservations(of).reserve({ ...wanted, ...rest });
    const bastions = new MemoryBastions(of);
    await bastions.create({ name: 'b', cluster: 'c', tags: {} });
    await until(
      () => bastions.find('b'),
      (seen) => seen?.status === 'running',
    );
    await new MemoryImages(of).build({ digest: 'd1', source: '', platform: '', cache: '' });
    await new MemoryQueues(of).create('r-1');
    await new MemoryLicences(of).put('r', Buffer.from(''));
    for (const kind of ['key-pair', 'upload', 'data'] as const)
      of.things.push({ kind, name: kind, cluster: 'c', since: clock.now() });
    return of;
  }

  const name = 'memory';
  clustersSuite(name, () => {
    const of = account();
    return { clusters: new MemoryClusters(of), nodegroups: new MemoryNodegroups(of) };
  });
  nodegroupsSuite(name, async () => new MemoryNodegroups(await withCluster('c', account())));
  bastionsSuite(name, () => new MemoryBastions(account()));
  imagesSuite(name, (broken) => {
    const of = account();
    for (const digest of broken) of.failingBuilds.add(digest);
    return new MemoryImages(of);
  });
  reservationsSuite(name, async () => new MemoryReservations(await withNodes(2, account())));
  quotasSuite('memory', async () => {
    const of = account();
    return {
      quotas: new MemoryQuotas(of),
      subnetIds: ['subnet-1', 'subnet-2'],
      limit: ({ name }, value) => void of.quotas.set(name, value),
    };
  });
  queuesSuite(name, () => new MemoryQueues(account()));
  licencesSuite(name, () => new MemoryLicences(account()));
  inventorySuite(name, async () => new MemoryInventory(await full()));
  scheduledSuite(name, async () => {
    const of = account();
    const upload = async (key: string) =>
      void of.things.push({ kind: 'upload', name: key, cluster: null, since: null });
    return {
      ...{ inventory: new MemoryInventory(of), schedules: new MemorySchedules(of), upload },
      store: async (key, source) => {
        of.requests.set(key, JSON.stringify({ target: { image: { source } } }));
        await upload(key);
      },
    };
  });
  identitiesSuite(name, async () => new MemoryIdentities(await withCluster('c', account())));
  pricesSuite(name, () => new MemoryPrices());
  notifierSuite(name, () => {
    const of = account();
    return { notifier: new MemoryNotifier(of), sent: () => of.sent };
  });
  invitationsSuite(name, () => new MemoryNotifier(account()));
  schedulesSuite(name, () => new MemorySchedules(account()));
  executionsSuite(name, () => new MemoryExecutions(account()));
});
