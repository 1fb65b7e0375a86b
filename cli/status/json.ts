/** A run's status as `--json` prints it; its shape is described in docs/results.md. */

import { isoTime } from '../../core/format/dates.ts';
import type { Remote } from '../../core/run-store/status/remote.ts';
import type { RunDetails, RunStatus } from '../../core/run-store/status/run-status.ts';
import { nextCommand } from './next.ts';
import { stateWords, unfinished } from './words.ts';

interface Context {
  project: string;
  /** Seconds since 1970. */
  now: number;
}

/** What is told of each run of a list. */
export function statusJson(status: RunStatus, { project, now }: Context) {
  const { run, folder, state, exitCode, error, owner, request, history, tasks, live } = status;
  const executions = history.executions;
  return {
    run,
    state,
    words: stateWords(status),
    exitCode,
    project,
    folder,
    started: request ? isoTime(request.requestedAt) : null,
    startedSecondsAgo: request ? rounded(Math.max(0, now - request.requestedAt)) : null,
    ended: history.end ? isoTime(history.end.at) : null,
    secondsAtWork: status.remote && history.executions.length === 0 ? null : rounded(status.seconds),
    executions: executions.length,
    workers: request?.workers ?? null,
    repetitions: request?.repetitions ?? null,
    tasks: {
      total: tasks.total,
      succeeded: tasks.succeeded,
      failed: tasks.failed,
      unfinished: unfinished(status),
      exact: tasks.exact,
    },
    process: owner ? { pid: owner.pid, host: owner.host } : null,
    live: live
      ? {
          state: live.state,
          detail: live.detail,
          repetition: live.progress?.repetition ?? null,
          workers: live.progress?.workers ?? 0,
          busy: live.progress?.busy ?? 0,
        }
      : null,
    error,
    aws: status.remote ? awsOf(status.remote) : null,
    next: nextCommand(status, project),
  };
}

/** What is told of a single run. */
export function detailsJson(status: RunStatus, details: RunDetails, context: Context) {
  const { rate, timeLeft, failures, results, edited } = details;
  return {
    ...statusJson(status, context),
    ...(status.remote && { aws: { ...awsOf(status.remote), ...awsFigures(status) } }),
    tasksPerSecond: rate === null ? null : rounded(rate),
    secondsLeft: timeLeft && { low: rounded(timeLeft.low), high: rounded(timeLeft.high) },
    failures: failures.map(({ error, ...task }) => ({ ...task, ...error })),
    results,
    editedFiles: edited,
  };
}

const awsOf = ({ stack, region, bucket }: Remote) => ({ stack, region, bucket });
const awsFigures = ({ execution, dollars }: RunStatus) => ({ execution: execution ?? null, dollars });

const rounded = (value: number): number => Math.round(value * 1000) / 1000;
