import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { obsoleteKeys } from '../../../../core/config/schema/legacy-keys.ts';
import { migrateConfig } from '../../../../core/migrate/config.ts';
import { predecessors } from '../../../faults/predecessor/projects.ts';

const schema = 'https://example.org/schema.json';
const first = `# yaml-language-server: $schema=${schema}`;
const migrated = (source: string) => migrateConfig(source, schema);

test('what has no meaning any more is what config.yaml may have without an effect', () => {
  const lines = Object.keys(obsoleteKeys).map((key) => `${key}: 1\n`);
  expect(migrated(lines.join(''))?.text).toBe(`${first}\n\n`);
});

describe('a configuration of the predecessor', () => {
  test('loses what has no meaning any more; all else stays byte for byte', () => {
    const source = predecessors.solar!.files['config.yaml']!;
    const { text, changes } = migrated(source)!;
    const gone =
      /^(interval_of_checking_sqs|interval_of_wait_pod_ready|repeat_number_per_round|is_celeryflower_on|num_worker_pods_per_namespace):.*\n/gm;
    expect(source.match(gone)).toHaveLength(5);
    expect(text).toBe(`${first}\n\n${source.replace(gone, '').replace('acccepted', 'accepted')}`);
    expect(changes).toEqual([
      'interval_of_wait_pod_ready is removed: nodes and workers are polled at fixed intervals',
      'acccepted_idle_time is renamed to accepted_idle_time',
      'interval_of_checking_sqs is removed: results arrive without polling',
      'repeat_number_per_round is removed: repeat a run with gcd-sfn start --repeat N',
      'is_celeryflower_on is removed: Celery is not used any more',
      'num_worker_pods_per_namespace is removed: there is one namespace; see workers_per_node',
      'the first line lets editors complete and check the file',
    ]);
  });

  test.each<[string, string, string]>([
    ['Windows line ends', 'a: 1\r\nis_celeryflower_on: no # off\r\nb: 2\r\n', 'a: 1\r\nb: 2\r\n'],
    ['no line end at the end', 'a: 1\nis_celeryflower_on: no', 'a: 1\n'],
    ['a value in the next line', 'is_celeryflower_on:\n  # off\n  False\nb: 2\n', 'b: 2\n'],
    ['no value', 'is_celeryflower_on:\nb: 2\n', 'b: 2\n'],
    ['a block of text', 'is_celeryflower_on: |\n  no\n\nb: 2\n', '\nb: 2\n'],
    ['a quoted key', '"is_celeryflower_on": no\nb: 2\n', 'b: 2\n'],
    ['remarks around', '# one\nis_celeryflower_on: no\n# two\nb: 2\n', '# one\n# two\nb: 2\n'],
    [
      'nested keys of the name',
      'env:\n  is_celeryflower_on: no\nis_celeryflower_on: no\n',
      'env:\n  is_celeryflower_on: no\n',
    ],
    [
      'both spellings',
      'acccepted_idle_time: 1\naccepted_idle_time: 1\nis_celeryflower_on: no\n',
      'acccepted_idle_time: 1\naccepted_idle_time: 1\n',
    ],
  ])('with %s', (_, source, rest) => {
    const newline = source.includes('\r') ? '\r\n' : '\n';
    expect(migrated(source)?.text).toBe(`${first}${newline}${newline}${rest.replace(/^\n/, '')}`);
  });

  test('keeps its own line for editors', () => {
    expect(migrated('# yaml-language-server: $schema=mine\nis_celeryflower_on: no\n')?.text).toBe(
      '# yaml-language-server: $schema=mine\n',
    );
  });

  test('names the repetitions that it asked for', () => {
    expect(migrated('repeat_number_per_round: 4\n')?.changes[0]).toContain('gcd-sfn start --repeat 4');
  });

  test('keeps a dead key that another refers to', () => {
    const source = 'interval_of_checking_sqs: &n 3\nscale_eks_nodes_wait_time: *n\n';
    expect(migrated(source)).toEqual({ text: source, changes: [] });
  });
});

test.each(['data_bucket: ./data\n', '# remark\ndata_bucket: ./data\naccepted_idle_time: 9\n'])(
  'one of today stays as it is: %j',
  (source) => {
    expect(migrated(source)).toEqual({ text: source, changes: [] });
  },
);

test.each(['', '- a\n', 'a: [', '{ is_celeryflower_on: no }\n'])('no configuration: %j', (source) => {
  expect(migrated(source)).toBeUndefined();
});

test('whatever else is in the file means the same afterwards', () => {
  const dead = ['interval_of_checking_sqs', 'repeat_number_per_round', 'is_celeryflower_on'];
  const value = fc.constantFrom(
    '1',
    '"a # b"',
    "'it''s'",
    '[1, 2]',
    '\n  - a\n  - b',
    '\n  x: 1\n  y: 2',
    '',
    '|\n  text\n   more',
  );
  const remark = fc.constantFrom('', ' # remark', ' # is_celeryflower_on: 1');
  const key = fc.constantFrom(...dead, 'data_bucket', 'file_pattern', 'filename', 'env', 'tags', 'region');
  const lines = fc.uniqueArray(fc.record({ key, value, remark }), {
    selector: (line) => line.key,
    minLength: 1,
  });
  fc.assert(
    fc.property(lines, (all) => {
      const source = all
        .map(({ key, value, remark }) => `${key}: ${value}${value.includes('\n') ? '' : remark}\n`)
        .join('');
      const expected = parse(source);
      for (const key of dead) delete expected[key];
      expect(parse(migrated(source)!.text) ?? {}).toEqual(expected);
    }),
  );
});
