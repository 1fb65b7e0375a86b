/** Planning in several goes: however it is cut, what it leaves is that of one go. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Config } from '../../../../core/config/config.ts';
import { NothingToDo, Unreachable } from '../../../../core/errors/errors.ts';
import { MemoryStore } from '../../../../core/memory-store.ts';
import { layout } from '../../../../core/run-store/layout.ts';
import type { Selection } from '../../../../core/run-store/request/request.ts';
import { exists, readAll } from '../../../../core/store.ts';
import { planInSteps, planTasks } from '../../../../functions/plan/plan.ts';

const request = (selection: Selection, columnKeywords = ['Power']) => ({
  config: {
    dataBucket: { kind: 's3', bucket: 'b', prefix: 'p/' },
    filePattern: '*',
    columnKeywords,
  } as Config,
  selection,
  workers: 3,
  target: { kind: 'local' as const },
});

/** Of each file: a table with such columns, a table without, or no table. */
const names = fc.uniqueArray(fc.stringMatching(/^\.?[a-zé/ ]{1,8}$/), { minLength: 1, maxLength: 30 });
const body = fc.oneof(
  fc.constant('Power,Power 2\n1,2\n'),
  fc.constant('Time,Power\n'),
  fc.constant('Time\n'),
  fc.constant('T+,Power\n1,2\n'),
  fc.constant('# about it\nTime;Wind;Wind\n1;2;3\n2;3;4\n'),
  fc.constant('1,2,3\n4,5,6\n'),
  // In the same place, and read otherwise.
  fc.constant('# about it\nTime;Wind;Wind\n1;2,5;3\n2;3,5;4\n'),
  fc.constant(''),
);

/** Knows which files were read. */
class Counting extends MemoryStore {
  readonly reads: string[] = [];

  override read(key: string, range?: { start: number; end?: number }): AsyncIterable<Uint8Array> {
    this.reads.push(key);
    return super.read(key, range);
  }
}

async function dataOf<Data extends MemoryStore>(keys: string[], bodies: string[], data: Data): Promise<Data> {
  for (const [index, key] of keys.entries())
    await data.write(`${key}${index % 5 === 4 ? '.glm' : '.csv'}`, bodies[index % bodies.length] ?? '');
  return data;
}

/** Everything but what was kept in between. */
async function left(store: MemoryStore): Promise<Record<string, string>> {
  const all: Record<string, string> = {};
  for await (const { key } of store.list(''))
    if (!key.startsWith('planning/')) all[key] = (await readAll(store, key)).toString();
  return all;
}

test('a plan that is cut and ended anywhere is byte for byte that of one go', async () => {
  const cuts = fc.array(fc.record({ after: fc.nat(8), dies: fc.boolean() }), { maxLength: 12 });
  const chosen = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 20 }));
  await fc.assert(
    fc.asyncProperty(
      names,
      fc.array(body, { minLength: 1, maxLength: 6 }),
      cuts,
      fc.integer({ min: 1, max: 7 }),
      chosen,
      fc.boolean(),
      fc.constantFrom<string[]>(['Power'], ['Power', 'Wind', 'Sun'], ['T+'], ['T+', 'Power', 'Wind']),
      async (keys, bodies, goes, piece, count, byKeys, keywords) => {
        const data = await dataOf(keys, bodies, new MemoryStore());
        const all: string[] = [];
        for await (const { key } of data.list('')) all.push(key);
        const asked = request(
          byKeys
            ? { kind: 'keys', keys: all.slice(0, count || undefined), from: 'a test' }
            : { kind: 'first', count },
          keywords,
        );
        const project = new MemoryStore();
        const [whole, cut] = [new MemoryStore(), new MemoryStore()];
        const nothing = await planTasks({ data, store: whole, project })(asked).then(
          () => false,
          (error) => error instanceof NothingToDo,
        );
        const go = async (after: number, dies: boolean) => {
          let looks = 0;
          const over = () => {
            const now = looks++ >= after;
            if (now && dies) throw new Unreachable('it was ended');
            return now;
          };
          return planInSteps({ data, store: cut, project, over, piece })(asked);
        };
        let last = 'pending';
        for (const { after, dies } of [...goes, { after: Number.POSITIVE_INFINITY, dies: false }])
          last = await go(after, dies).then(
            ({ state }) => state,
            (error) => error.constructor.name,
          );
        expect(last).toBe(nothing ? 'NothingToDo' : 'ready');
        const { [layout.manifest]: _, ...restOfWhole } = await left(whole);
        const { [layout.manifest]: __, ...restOfCut } = await left(cut);
        expect(restOfCut).toEqual(restOfWhole);
        if (!nothing)
          expect((await readAll(cut, layout.manifest)).equals(await readAll(whole, layout.manifest))).toBe(
            true,
          );
      },
    ),
  );
});

test('each go reads on where the one before stopped, and one that died loses a piece at most', async () => {
  const keys = Array.from({ length: 100 }, (_, index) => `f${String(index).padStart(3, '0')}`);
  const data = await dataOf(keys, ['Power\n'], new Counting());
  const read = data.reads;
  const [store, project] = [new MemoryStore(), new MemoryStore()];
  const all = request({ kind: 'first', count: 0 });
  let looks = 0;
  const stopping = (after: number) => () => looks++ >= after;
  const first = await planInSteps({ data, store, project, over: stopping(39), piece: 25 })(all);
  expect(first).toEqual({ state: 'pending', detail: '40 files are read' });
  expect(await exists(store, layout.plan)).toBe(false);
  // What is read ahead counts as well.
  const again = read.splice(0).length;
  expect(again).toBeLessThan(80);

  const dying = () => {
    if (++looks > 100) throw new Unreachable('it was ended');
    return false;
  };
  looks = 60;
  await expect(planInSteps({ data, store, project, over: dying, piece: 25 })(all)).rejects.toThrow(
    Unreachable,
  );
  expect(read[0]).toBe('f040.csv');
  read.length = 0;

  const done = await planInSteps({ data, store, project, over: () => false, piece: 25 })(all);
  expect(done).toMatchObject({ state: 'ready', files: 100, tasks: 100 });
  expect(read[0]).toBe('f065.csv');
});

test('two planners at once, who cut differently, leave one plan', async () => {
  const data = await dataOf(
    Array.from({ length: 50 }, (_, index) => `f${index}`),
    ['Power\n'],
    new MemoryStore(),
  );
  const [store, project, whole] = [new MemoryStore(), new MemoryStore(), new MemoryStore()];
  const all = request({ kind: 'first', count: 0 });
  await planTasks({ data, store: whole, project })(all);
  const planner = (after: number, piece: number) => {
    let looks = 0;
    return planInSteps({ data, store, project, over: () => looks++ >= after, piece })(all);
  };
  await Promise.all([planner(20, 3), planner(17, 7), planner(44, 10)]);
  await planner(Number.POSITIVE_INFINITY, 9);
  expect(await left(store)).toEqual(await left(whole));
});

test('cut after the last of the wanted files, it does not go on to others', async () => {
  const keys = Array.from({ length: 9 }, (_, index) => `f${index}`);
  const data = await dataOf(keys, ['Power\n'], new MemoryStore());
  const [store, project] = [new MemoryStore(), new MemoryStore()];
  const some = request({ kind: 'first', count: 3 });
  let looks = 0;
  const planner = planInSteps({ data, store, project, over: () => ++looks === 3 });
  expect((await planner(some)).state).toBe('pending');
  expect(await planner(some)).toMatchObject({ state: 'ready', files: 3 });
});

test('what an older version has kept of a plan is understood', async () => {
  const data = await dataOf(['f0', 'f1', 'f2'], ['Power\n'], new MemoryStore());
  const [store, project] = [new MemoryStore(), new MemoryStore()];
  const kept = [
    ['f0.csv', 6, ['Power']],
    ['f1.csv', 6, [], 'it is empty'],
  ];
  await store.write(layout.planning(0), kept.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const planner = planInSteps({ data, store, project, over: () => false });
  expect(await planner(request({ kind: 'first', count: 0 }))).toMatchObject({
    state: 'ready',
    files: 3,
    tasks: 2,
    skipped: { count: 1, first: [{ file: 'f1.csv', why: 'it is empty' }] },
  });
});
