/** What every adapter of Images must do. */
import { describe, expect, test } from '@jest/globals';
import type { Images } from '../../../ports/cluster/images.ts';
import { until } from './poll-until.ts';

/** @param make makes a registry without images; sources that contain `broken` do not build */
export function imagesSuite(name: string, make: (broken: string[]) => Images | Promise<Images>): void {
  const wanted = { digest: 'd1', source: 'bucket/code.zip', platform: 'linux/amd64', cache: 'cache-p-amd64' };

  describe(`Images: ${name}`, () => {
    test('finds an image by its digest once it is built', async () => {
      const images = await make([]);
      expect([await images.find('d1'), await images.status('d1')]).toEqual([undefined, { state: 'none' }]);
      await images.build(wanted);
      expect((await images.status('d1')).state).toBe('building');
      expect(await images.find('d1')).toBeUndefined();
      await images.build(wanted);
      await until(
        () => images.status('d1'),
        ({ state }) => state === 'succeeded',
      );
      expect(await images.find('d1')).toContain('d1');
      expect(await images.find('d2')).toBeUndefined();
      await images.remove('d1');
      await images.remove('d1');
      expect(await images.find('d1')).toBeUndefined();
    });

    test('says with the last lines why there is none, and builds again when asked', async () => {
      const images = await make(['d1']);
      await images.build(wanted);
      const failed = await until(
        () => images.status('d1'),
        ({ state }) => state !== 'building',
      );
      expect(failed).toMatchObject({ state: 'failed' });
      expect(failed.state === 'failed' && failed.lines.length).toBeGreaterThan(0);
      expect(await images.find('d1')).toBeUndefined();
      await images.build(wanted);
      expect((await images.status('d1')).state).toBe('building');
    });
  });
}
