/** `gcd-sfn status --stack`: lists the runs of a stack. */

import { formatAgo, isoTime } from '../../core/format/dates.ts';
import { plural } from '../../core/format/numbers.ts';
import { runsOfStack, type StackRun } from '../../runs/aws/runs-of-stack.ts';
import { escapeControlChars } from '../terminal/escape-control-chars.ts';
import { printLines } from '../terminal/output.ts';
import { table } from '../terminal/table.ts';
import { type Connect, connect } from './connect.ts';
import { type StackOptions, stackName } from './options.ts';
import { personOf } from './person.ts';

const shown = 50;

const words: Record<NonNullable<StackRun['state']>, string> = {
  ...{ running: 'running', succeeded: 'ended', failed: 'failed' },
  ...{ aborted: 'stopped', 'timed-out': 'failed' },
};

export async function statusOfStack(
  options: StackOptions,
  json: boolean,
  connectTo: Connect = connect,
): Promise<void> {
  const stack = stackName(options);
  const cloud = await connectTo({ stack, region: options.region ?? null });
  const { runs, more, unusable } = await runsOfStack(cloud, shown);
  if (json) {
    const all = runs.map(({ requestedAt, ...run }) => ({ ...run, started: isoTime(requestedAt) }));
    console.log(
      JSON.stringify({ stack, region: cloud.stack.region, runs: all, more, unusable }, undefined, 2),
    );
    return;
  }
  const sayUnusable = () => {
    if (unusable > 0) console.error(`${plural(unusable, 'more run')} with an invalid request`);
  };
  if (runs.length === 0) {
    console.error(`there is no run in stack ${stack} yet`);
    return sayUnusable();
  }
  const columns = [
    ...[{ head: 'run' }, { head: 'state' }, { head: 'project' }, { head: 'by' }, { head: 'started' }],
    ...[{ head: 'cluster' }, { head: 'nodes', right: true }],
  ];
  const now = cloud.clock.now();
  const rows = runs.map((one) => [
    ...[one.run, one.state ? words[one.state] : 'unknown', one.project],
    ...[personOf(one.by ?? undefined), formatAgo(one.requestedAt, now), one.cluster, String(one.nodes)],
  ]);
  // Anybody who may start runs writes requests into the bucket.
  printLines(
    table(
      columns,
      rows.map((cells) => cells.map(escapeControlChars)),
    ),
  );
  if (more > 0) console.error(`and ${plural(more, 'older run')}`);
  sayUnusable();
}
