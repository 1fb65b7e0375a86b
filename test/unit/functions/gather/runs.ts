/** Small runs whose tasks are through, for the tests of gathering. */
import { MemoryStore } from '../../../../core/memory-store.ts';
import { layout } from '../../../../core/run-store/layout.ts';
import type { RunRequest } from '../../../../core/run-store/request/request.ts';

export const fileNames = {
  savedData: 'results.csv',
  logsData: 'logs.csv',
  errorData: 'error.csv',
  performance: 'performance.txt',
  runtimeGanttChart: 'runtime.png',
};

export const request = {
  ...{ run: 'r', projectName: 'p', requestedAt: 90, repetitions: 1 },
  config: { fileNames },
} as RunRequest;

export const idOf = (index: number) => index.toString(16).padStart(16, '0');

export const worker = (name: string) =>
  `{"event":"worker","worker":"${name}","node":"n","hostname":"h","ip":"10.0.0.1","pid":7}\n`;

export function record({ index, failed, at }: { index: number; failed: boolean; at: number }): string {
  const times = `"start":${at}.000000,"end":${at + 1}.500000,"cpu":0.100000,"memory":1000`;
  const head = `"index":${index},"task":"${idOf(index)}","attempt":1,${times}`;
  const error = '"error":{"class":"exception","type":"E","message":"no","traceback":"t"},"output":"said"';
  return failed
    ? `{"status":"failed",${head},${error}}\n`
    : `{"status":"succeeded",${head},"result":{"n":${index},"s":"x"}}\n`;
}

/** A run with these parts, the same in each repetition, each by a worker of its own of ten. */
export async function aRun<Kind extends MemoryStore>(
  tasks: number,
  parts: string[],
  repetitions = 1,
  store = new MemoryStore() as Kind,
): Promise<Kind> {
  const manifest = Array.from({ length: tasks }, (_, index) =>
    JSON.stringify({ id: idOf(index), file: 'f.csv', column: `c${index}`, size: 1 }),
  );
  await store.write(layout.manifest, manifest.map((line) => `${line}\n`).join(''));
  await store.write(layout.plan, JSON.stringify({ tasks }));
  await store.write(layout.request, JSON.stringify({ ...request, repetitions }));
  for (let repetition = 1; repetition <= repetitions; repetition++)
    for (const [place, text] of parts.entries())
      await store.write(
        layout.part(repetition, `p-${String(place).padStart(6, '0')}`),
        worker(`w-${place % 10}`) + text,
      );
  return store;
}
