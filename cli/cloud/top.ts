/** `gcd-sfn top` for a run on AWS: what its workers last said of themselves. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunsFolder } from '../../adapters/local/runs/runs-folder.ts';
import type { Look } from '../../cloud/look.ts';
import type { WorkerState } from '../../cloud/worker-states.ts';
import { taskName } from '../../ports/manifest.ts';
import type { Remote } from '../../ports/remote.ts';
import { doing } from '../status/states.ts';
import { commandLine, isoTime } from '../status/words.ts';
import { onQuitKey, Screen } from '../top/screen.ts';
import { bytes } from '../view/bytes.ts';
import { neutral } from '../view/neutral.ts';
import { outColor, printLines } from '../view/out.ts';
import { table } from '../view/table.ts';
import { count, seconds } from '../view/units.ts';
import { untilInterrupted } from '../watch/leave.ts';
import { type Connect, connect } from './connect.ts';
import { openRun } from './open.ts';

const everyMs = 10_000;
/** Lines around the workers' ones. */
const otherLines = 4;

const columns = [
  { head: 'worker' },
  { head: 'node' },
  { head: 'CPU %', right: true },
  { head: 'memory', right: true },
  { head: 'done', right: true },
  { head: 'failed', right: true },
  { head: 'for', right: true },
  { head: 'task' },
];

export interface TopRemoteOptions {
  once: boolean;
  json: boolean;
  connectTo?: Connect;
}

export async function topRemote(
  runs: RunsFolder,
  name: string,
  remote: Remote,
  { once, json, connectTo = connect }: TopRemoteOptions,
): Promise<void> {
  const { run, request } = await openRun(runs, name, remote, connectTo);
  const first = await run.look();
  const isAtWork = ({ state }: Look) => state === 'running' || state === 'stopping';
  const isOnce = once || json || !process.stdout.isTTY || process.env.TERM === 'dumb';
  if (json) console.log(JSON.stringify(lookJson(first), undefined, 2));
  else if (isAtWork(first) && isOnce) printLines(remoteFrame(first));
  else if (isAtWork(first)) await refresh(first);
  if (!isAtWork(first))
    console.error(
      `run ${name} is not at work (${first.state}); see ${commandLine('status', name, request.project)}`,
    );

  async function refresh(from: Look): Promise<void> {
    const quit = new AbortController();
    const screen = new Screen();
    const stopListening = onQuitKey(() => quit.abort());
    try {
      await untilInterrupted(async (interrupted) => {
        const signal = AbortSignal.any([interrupted, quit.signal]);
        for (let look = from; isAtWork(look) && !signal.aborted; look = await run.look()) {
          screen.draw(remoteFrame(look, screen.rows));
          await sleep(everyMs, undefined, { signal }).catch(() => {});
        }
      });
    } finally {
      stopListening();
      screen.close();
    }
  }
}

/** @param rows how many lines there may be; workers that find no room are counted */
export function remoteFrame(look: Look, rows = Number.POSITIVE_INFINITY): string[] {
  const { workers, run, detail, history, tasks } = look;
  const room = Math.max(1, rows - otherLines);
  const shown = workers.length <= room ? workers : workers.slice(0, Math.max(1, room - 1));
  const [head = '', ...lines] = table(
    columns,
    shown.map((worker) => cells(worker, look.at)),
  );
  const more = workers.length - shown.length;
  const done = `${(tasks.succeeded + tasks.failed).toLocaleString('en')} tasks done`;
  const failed = tasks.failed > 0 ? [outColor.red(`${tasks.failed.toLocaleString('en')} failed`)] : [];
  const nodes = new Set(workers.map(({ node }) => node)).size;
  const cpu = workers.reduce((sum, worker) => sum + worker.cpu, 0);
  const memory = workers.reduce((sum, worker) => sum + worker.memory, 0);
  return [
    [`run ${run} on AWS`, detail || doing(history.state), done, ...failed].join(' · '),
    '',
    outColor.dim(head),
    ...lines,
    ...(more > 0 ? [`… and ${count(more, 'more worker')}`] : []),
    `${count(workers.length, 'worker')} on ${count(nodes, 'node')}: ${cpu.toFixed(1)} cores busy, ${bytes(memory)}; as they said of themselves last, two minutes ago at most`,
  ];
}

function cells(worker: WorkerState, at: number): string[] {
  const { state, task, since, succeeded, failed, cpu, memory } = worker;
  const [, , file, column] = task ?? [];
  return [
    worker.worker,
    worker.node,
    (100 * cpu).toFixed(0),
    bytes(memory),
    (succeeded + failed).toLocaleString('en'),
    failed > 0 ? outColor.red(failed.toLocaleString('en')) : '0',
    since === null ? '' : seconds(Math.max(0, at - since)),
    task ? neutral(taskName({ file: file ?? '', column: column ?? null })) : outColor.dim(state),
  ];
}

function lookJson({ run, at, state, history, detail, workers }: Look) {
  return {
    ...{ run, at: isoTime(at), words: state, state: history.state, detail },
    workers: workers.map(({ worker, node, execution, task, since, cpu, memory, ...rest }) => ({
      ...{ worker, node, execution, state: rest.state },
      ...{ succeeded: rest.succeeded, failed: rest.failed },
      cpuPercent: Math.round(1000 * cpu) / 10,
      ...{ memoryBytes: memory, memoryLimitBytes: rest.memoryLimit, at: isoTime(rest.at) },
      task: task && { index: task[0], task: task[1], file: task[2], column: task[3] },
      taskSeconds: since === null ? null : Math.max(0, Math.round(at - since)),
    })),
  };
}
