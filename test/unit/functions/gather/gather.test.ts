import { describe, expect, test } from '@jest/globals';
import { MemoryStore } from '../../../../core/memory-store.ts';
import { layout } from '../../../../core/run-store/layout.ts';
import { readDurations } from '../../../../core/run-store/plan/durations.ts';
import type { Failure } from '../../../../core/run-store/records/records.ts';
import type { RunRequest } from '../../../../core/run-store/request/request.ts';
import type { RunSummary } from '../../../../core/run-store/status/summary.ts';
import { readAll } from '../../../../core/store.ts';
import { gather } from '../../../../functions/gather/gather.ts';

const fileNames = {
  savedData: 'results.csv',
  logsData: 'logs.csv',
  errorData: 'error.csv',
  performance: 'performance.txt',
  runtimeGanttChart: 'runtime.png',
};
const request = {
  run: 'r',
  projectName: 'p',
  requestedAt: 90,
  config: { fileNames },
  repetitions: 1,
} as RunRequest;
const columns = ['A', 'B', 'C', null];

const idOf = (index: number) => `00000000000000f${index}`;
const worker = (name: string, pid = 7) =>
  `{"event":"worker","worker":"${name}","node":"local","hostname":"host","ip":"10.0.0.1","pid":${pid}}\n`;
const done = (index: number, start: number, end: number, result: string, attempt = 1) =>
  `{"status":"succeeded","index":${index},"task":"${idOf(index)}","attempt":${attempt},"start":${start.toFixed(6)},"end":${end.toFixed(6)},"cpu":0.500000,"memory":1000,"result":${result}}\n`;
const failed = (index: number, start: number, end: number, message: string) =>
  `{"status":"failed","index":${index},"task":"${idOf(index)}","attempt":3,"start":${start.toFixed(6)},"end":${end.toFixed(6)},"cpu":0,"memory":9,"error":{"class":"crash","type":"SIGSEGV","message":${JSON.stringify(message)},"traceback":"line 1\\nline 2"},"output":"last, words"}\n`;

async function gathered(parts: Record<string, string>, repetitions = 1, events = '') {
  const store = new MemoryStore();
  const manifest = columns.map((column, index) =>
    JSON.stringify({ id: idOf(index), file: '=f.csv', column, size: 1 }),
  );
  await store.write(layout.manifest, `${manifest.join('\n')}\n`);
  await store.write(layout.plan, JSON.stringify({ tasks: 4 }));
  if (events) await store.write(layout.events, events);
  for (const [key, body] of Object.entries(parts)) await store.write(key, body);
  const project = new MemoryStore();
  const counts = await gather({ store, project, now: () => 200 })({ ...request, repetitions });
  const text = async (name: string) => (await readAll(store, layout.result(name))).toString();
  return {
    counts,
    durations: await readDurations(project),
    results: await text('results.csv'),
    logs: (await text('logs.csv')).trimEnd().split('\n'),
    errors: await text('error.csv'),
    summary: JSON.parse((await readAll(store, layout.summary)).toString()) as RunSummary,
    timeline: (await readAll(store, layout.timeline(1))).toString(),
    failures: (await readAll(store, layout.failures)).toString(),
  };
}

describe('gather', () => {
  test('one row a task in the order of the manifest, whoever ran it when', async () => {
    const { counts, results, logs } = await gathered({
      'parts/1/a.jsonl': worker('local-10') + done(2, 101, 103, '{"c":1.0}') + done(0, 103, 104, '{"a":"x"}'),
      'parts/1/b.jsonl': worker('local-2', 8) + done(1, 100, 102, '{"a":null,"c":-5}'),
    });
    expect(counts).toEqual({ succeeded: 3, failed: 0, unfinished: 1 });
    expect(results).toBe('a,c\nx,\n,-5\n,1.0\n');
    expect(logs).toEqual([
      'file_name,column_name,task_id,start_time,end_time,hostname,host_ip,pid,alert_type,po_server_name,node_name,repetition,status,attempt,duration_s,cpu_s,peak_memory_bytes',
      `'=f.csv,A,${idOf(0)},103.000000,104.000000,host,10.0.0.1,7,SAVED_DATA,local-10,local,1,succeeded,1,1.000000,0.500000,1000`,
      `'=f.csv,B,${idOf(1)},100.000000,102.000000,host,10.0.0.1,8,SAVED_DATA,local-2,local,1,succeeded,1,2.000000,0.500000,1000`,
      `'=f.csv,C,${idOf(2)},101.000000,103.000000,host,10.0.0.1,7,SAVED_DATA,local-10,local,1,succeeded,1,2.000000,0.500000,1000`,
      `'=f.csv,,${idOf(3)},,,,,,,,,1,unfinished,,,,`,
    ]);
  });

  test('the figures, with lanes sorted as people count', async () => {
    const { summary, timeline } = await gathered({
      'parts/1/a.jsonl':
        worker('local-10') + done(2, 101, 103, '{}') + worker('local-10', 9) + failed(0, 103, 104, 'bad'),
      'parts/1/b.jsonl': worker('local-2', 8) + done(1, 100, 104, '{}'),
    });
    expect(summary).toMatchObject({ run: 'r', requestedAt: 90, initializeSeconds: 10, totalSeconds: 110 });
    expect(summary.repetitions[0]).toMatchObject({
      tasks: 4,
      succeeded: 2,
      failed: 1,
      unfinished: 1,
      firstStart: 100,
      lastEnd: 104,
      parallelSeconds: 4,
      serialSeconds: 7,
      shortest: { seconds: 1, column: 'A' },
      longest: { seconds: 4, column: 'B' },
      errors: { crash: 1 },
      workers: [
        { worker: 'local-2', tasks: 1, failed: 0, busySeconds: 4 },
        { worker: 'local-10', tasks: 2, failed: 1, busySeconds: 3 },
      ],
    });
    expect(timeline).toBe('[1,3,4,1,0]\n[0,0,4,0,1]\n[1,1,3,0,2]\n');
  });

  test('failures have class, message, traceback and output', async () => {
    const { errors, failures, results } = await gathered({
      'parts/1/a.jsonl': worker('w') + failed(3, 1, 2, '=evil()\n"x"'),
    });
    expect(results).toBe('\n');
    expect(errors.split('\n').slice(1).join('\n')).toBe(
      `'=f.csv,,${idOf(3)},crash,SIGSEGV,"'=evil()\n""x""",3,1.000000,2.000000,host,w,local,1,"line 1\nline 2","last, words"\n`,
    );
    expect(JSON.parse(failures) as Failure).toMatchObject({
      task: idOf(3),
      column: null,
      seconds: 1,
      output: 'last, words',
    });
  });

  test('torn, damaged and doubled records', async () => {
    const hole = Buffer.from(done(3, 5, 6, '{"a":"lost"}'));
    hole.fill(0, 60, 80);
    const { results, counts } = await gathered({
      'parts/1/1.jsonl':
        worker('w') +
        done(0, 1, 2, '{"a":"first"}') +
        failed(1, 1, 2, 'x') +
        done(2, 1, 2, '{"a":"torn"}').slice(0, -2),
      'parts/1/2.jsonl':
        worker('w') + done(0, 3, 4, '{"a":"second"}') + done(1, 3, 4, '{"a":"retried"}') + hole.toString(),
      'parts/1/3.jsonl': done(99, 1, 2, '{"a":"of no task"}') + failed(1, 5, 6, 'later'),
    });
    expect(results).toBe('a\nfirst\nretried\n');
    expect(counts).toEqual({ succeeded: 2, failed: 0, unfinished: 2 });
  });

  test('of several failures of a task the last one stays, whatever the names of the parts say', async () => {
    const { errors, counts } = await gathered({
      'parts/1/10-a.jsonl': worker('w') + failed(1, 5, 6, 'the last'),
      'parts/1/9-a.jsonl': worker('w') + failed(1, 1, 2, 'the first'),
    });
    expect(errors).toContain('the last');
    expect(errors).not.toContain('the first');
    expect(counts.failed).toBe(1);
  });

  test('time in which the run lay interrupted is no time of processing', async () => {
    const start = (at: number) => `{"at":${at},"event":"execution-started","execution":"r-1"}\n`;
    const { summary } = await gathered(
      {
        'parts/1/1.jsonl': worker('w') + done(0, 10, 12, '{}'),
        'parts/1/2.jsonl': worker('w') + done(1, 1001, 1003, '{}'),
      },
      1,
      `${start(9)}{"at":12.5,"event":"state-ent\n${start(1000)}`,
    );
    expect(summary.repetitions[0]?.parallelSeconds).toBe(4);
  });

  test('repetitions: results of the first, logs of all', async () => {
    const { counts, results, logs, summary } = await gathered(
      {
        'parts/1/1.jsonl': worker('w') + [0, 1, 2, 3].map((n) => done(n, n, n + 1, `{"n":${n}}`)).join(''),
        'parts/2/1.jsonl': worker('w') + [0, 1].map((n) => done(n, 10 + n, 11 + n, '{"n":99}')).join(''),
      },
      3,
    );
    expect(results).toBe('n\n0\n1\n2\n3\n');
    expect(logs).toHaveLength(1 + 4 + 4);
    expect(summary.repetitions).toHaveLength(2);
    expect(counts).toEqual({ succeeded: 6, failed: 0, unfinished: 2 + 4 });
  });

  test('nothing done is no error', async () => {
    const { counts, summary } = await gathered({});
    expect(counts).toEqual({ succeeded: 0, failed: 0, unfinished: 4 });
    expect(summary.repetitions[0]).toMatchObject({
      firstStart: null,
      parallelSeconds: 0,
      meanSeconds: null,
      workers: [],
    });
  });

  test('how long tasks took is kept for the next plan', async () => {
    const { durations } = await gathered(
      {
        'parts/1/a.jsonl': worker('w') + done(0, 10, 12.5, '{}') + failed(1, 1, 9, 'x'),
        'parts/2/a.jsonl': worker('w') + done(0, 20, 99, '{}'),
      },
      2,
    );
    expect(durations.length).toBe(1);
    expect(durations.secondsOf('00000000000000f0')).toBe(2.5);
  });
});
