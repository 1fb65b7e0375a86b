/**
 * gcd-sfn as a peer of a harness that compares dispatchers of Python tasks. The harness gives WORKLOAD and OUTDIR, and
 * has `workloads.tasks(name)` (bucket, file, column) and `work.entrypoint` on PYTHONPATH. Leaves `OUTDIR/results.csv`
 * (file, column, value, worker) and `OUTDIR/timing.json` (n, dispatch_s, workers); dispatch_s is the time in
 * DispatchBatches, at whose end every record is on disk. `node bench/peers/gcd-sfn.ts WORKLOAD OUTDIR`
 */
import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectOf, run } from '../support.ts';

const [workload = '', out = ''] = process.argv.slice(2);
const ask = `import json, workloads; print(json.dumps(workloads.tasks(${JSON.stringify(workload)})))`;
const tasks: [bucket: string, file: string, column: string][] = JSON.parse(
  execFileSync('python3', ['-c', ask], { encoding: 'utf8', maxBuffer: 1 << 28 }),
);
const entrypoint = `from work import entrypoint as burn
def entrypoint(data_bucket, curr_process_file, curr_process_column):
    file = curr_process_file[:-len(".csv")]
    return {"file": file, "column": curr_process_column, **burn(data_bucket, file, curr_process_column)}
`;
const folder = projectOf(
  entrypoint,
  tasks.map(([, file, column]) => [file, column] as const),
);
// The harness reads the tasks' own columns.
appendFileSync(join(folder, 'config.yaml'), 'identity_columns: false\n');
const { dispatch } = run(folder, 'peer');
const results = readFileSync(join(folder, 'results/results.csv'), 'utf8');
const workers = new Set(
  results
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((row) => row.split(',').at(-1)),
);
writeFileSync(join(out, 'results.csv'), results);
writeFileSync(
  join(out, 'timing.json'),
  JSON.stringify({ n: tasks.length, dispatch_s: dispatch, workers: workers.size }),
);
rmSync(folder, { recursive: true });
