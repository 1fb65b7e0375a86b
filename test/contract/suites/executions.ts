/** What every adapter of Executions must do. */
import { expect, test } from '@jest/globals';
import { AlreadyThere } from '../../../core/errors/errors.ts';
import type { Executions } from '../../../ports/account/executions.ts';
import { until } from './poll-until.ts';

/** @param make makes machines whose executions go on until they are stopped */
export function executionsSuite(name: string, make: () => Executions | Promise<Executions>): void {
  test(`Executions: ${name}: run under a name that is taken for good`, async () => {
    const executions = await make();
    expect([await executions.find('r-1'), await executions.running()]).toEqual([undefined, []]);
    await executions.start('run', 'r-1', { run: 'r' });
    await executions.start('cleanup', 'r-1-cleanup', { run: 'r', execution: 'r-1' });
    await expect(executions.start('run', 'r-1', { run: 'r' })).rejects.toThrow(AlreadyThere);
    const running = { name: 'r-1', run: 'r', state: 'running' };
    expect([await executions.find('r-1'), await executions.running()]).toEqual([running, [running]]);
    expect(await executions.running('cleanup')).toEqual([{ ...running, name: 'r-1-cleanup' }]);
    await executions.stop('r-1', 'enough');
    await executions.stop('r-1', 'enough');
    await until(
      () => executions.find('r-1'),
      (seen) => seen?.state === 'aborted',
    );
    expect(await executions.running()).toEqual([]);
    expect((await executions.find('r-1-cleanup'))?.state).toBe('running');
    await expect(executions.start('run', 'r-1', { run: 'r' })).rejects.toThrow(AlreadyThere);
  });
}
