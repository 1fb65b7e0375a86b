/** What every adapter of Schedules must do. */
import { expect, test } from '@jest/globals';
import { AlreadyThere } from '../../../core/errors/errors.ts';
import type { Schedules } from '../../../ports/account/schedules.ts';

/** @param make makes an account without schedules */
export function schedulesSuite(name: string, make: () => Schedules | Promise<Schedules>): void {
  test(`Schedules: ${name}: are kept as they were made, in order, until they are removed`, async () => {
    const schedules = await make();
    await schedules.remove('b');
    const one = { name: 'b', expression: 'rate(1 day)', timezone: null, request: 'schedules/b.json' };
    const other = { ...one, name: 'a', expression: 'cron(0 6 * * ? *)', timezone: 'America/Denver' };
    await schedules.create(one);
    await schedules.create(other);
    await expect(schedules.create(one)).rejects.toThrow(AlreadyThere);
    expect(await schedules.list()).toEqual([other, one]);
    expect([await schedules.find('a'), await schedules.find('c')]).toEqual([other, undefined]);
    await schedules.remove('b');
    expect(await schedules.list()).toEqual([other]);
  });
}
