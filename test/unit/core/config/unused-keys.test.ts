import { expect, test } from '@jest/globals';
import { configSchema, keyGroups } from '../../../../core/config/schema/schema.ts';
import { notices } from '../../../../core/config/unused-keys.ts';

test('config: nothing is said about keys that have an effect', () => {
  const given = ['data_bucket', 'task_timeout', 'env', 'region', 'acccepted_idle_time', 'filename'];
  expect(notices({ given }, 'local')).toEqual([]);
});

test('config: one line for keys without a meaning, one for those without an effect here', () => {
  const given = ['spot', 'data_bucket', 'is_celeryflower_on', 'max_nodes', 'repeat_number_per_round'];
  const gone =
    'config.yaml: obsolete and ignored: is_celeryflower_on (Celery is not used any more), repeat_number_per_round (use start --repeat N)';
  expect(notices({ given }, 'local')).toEqual([
    gone,
    'config.yaml: no effect on a run on this machine: spot, max_nodes',
  ]);
  expect(notices({ given }, 'eks')).toEqual([gone]);
});

test('config: who wants no images kept on AWS is told who removes them', () => {
  const given = ['keep_images'];
  expect(notices({ given, keepImages: false }, 'eks')).toEqual([
    'config.yaml: keep_images: false has no effect: images stay until gcd-sfn cleanup --all',
  ]);
  expect(notices({ given, keepImages: true }, 'eks')).toEqual([]);
});

test('config: each key is either used everywhere, only on a cluster, or nowhere', () => {
  const [gone, idle] = notices({ given: Object.keys(configSchema.shape) }, 'local');
  for (const key of Object.keys(keyGroups.obsolete)) expect(gone).toContain(`${key} (`);
  const { region: _, ...onlyThere } = keyGroups.cluster;
  const waiting = ['saved_bucket', 'saved_path_cloud', 'scale_eks_nodes_wait_time'];
  const solver = 'solver_lic_target_path_in_images_dest';
  const expected = [...Object.keys(onlyThere), ...waiting, solver];
  expect(idle!.replace(/^.*: /, '').split(', ').sort()).toEqual(expected.sort());
});
