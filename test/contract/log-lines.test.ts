/** Lines that the worker is tested to write (test/worker/supervisor/test_task_log.py) are those that are read here. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { loggingWorkers, WorkerLog } from '../../adapters/local/runs/worker-logs.ts';
import { layout } from '../../core/run-store/layout.ts';
import type { LogLine } from '../../core/run-store/log-line.ts';
import { packageRoot } from '../support/cli/project.ts';

test('what tasks print, as the worker writes it down', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gcd-log-'));
  try {
    const path = join(folder, layout.log('local-1'));
    await mkdir(dirname(path));
    await writeFile(path, await readFile(join(packageRoot, 'test/contract/vectors/log-lines.jsonl')));
    expect(loggingWorkers(folder)).toEqual(['local-1']);
    const log = new WorkerLog(folder, 'local-1');
    const lines: LogLine[] = [];
    for (let line = log.first(); line; line = log.first()) {
      lines.push(line);
      log.shift();
    }
    log.close();
    const nobody = { index: null, task: null, attempt: null, file: null, column: null };
    expect(lines).toEqual([
      { at: 1763800000.123456, ...nobody, text: 'importing\n' },
      {
        at: 1763800000.25,
        index: 0,
        task: '9f00000000000001',
        attempt: 1,
        file: 'a.csv',
        column: 'Power (W)',
        text: 'é\u2028\u001b[1m"\n',
      },
      {
        at: 1763800000.5,
        index: 1,
        task: '03',
        attempt: 3,
        file: 'dir/b "é".glm',
        column: null,
        text: 'half\ufffd',
      },
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
