/** What changes by itself stands nowhere in the sources: versions of Kubernetes, ids of images, prices, names of accounts. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { packageRoot } from '../support/cli/project.ts';

const folders = [
  'adapters',
  'buildspecs',
  'cli',
  'core',
  'functions',
  'ports',
  'stack',
  'state-machines',
  'runs',
];
const files = [
  'serverless.yml',
  ...folders.flatMap((folder) =>
    readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(ts|cjs|yml|yaml|json)$/.test(file))
      .map((file) => join(folder, file)),
  ),
];

interface Rule {
  what: string;
  pattern: RegExp;
  /** A line in which it is found. */
  example: string;
  /** Files in which it may stand, and why. */
  allowed: Record<string, string>;
}

const rules: Rule[] = [
  {
    what: 'a version of Kubernetes',
    pattern: /(kubernetes|version|cluster)\w*['"]?\s*[:=,(]\s*['"]?1\.[23]\d\b/i,
    example: "version: '1.34'",
    allowed: {},
  },
  {
    what: 'an image of machines',
    pattern: /\bami-[0-9a-f]{8,}/,
    example: 'ami-0123456789abcdef0',
    allowed: {},
  },
  {
    what: 'the number of an account',
    // That of AWS's own examples is nobody's.
    pattern: /(?<![\d.])(?!123456789012)\d{12}(?!\d)/,
    example: "account: '210987654321'",
    allowed: {},
  },
  {
    what: 'a price',
    pattern: /\b\w*(hour|month|price|transition|request)\w*['"]?\s*[:=]\s*['"]?\$?0\.\d+/i,
    example: 'clusterHour: 0.1',
    // A test asks for the day of each price there.
    allowed: {
      'adapters/aws/prices/services.json': 'the bundled list, each with its day',
      'adapters/aws/prices/instances.json': 'the bundled list, with its day',
      'test/support/memory-aws/prices.ts': 'made up, for tests',
    },
  },
];

describe.each(rules)('$what', ({ pattern, example, allowed }) => {
  test('stands nowhere but where it has its date', () => {
    expect(example).toMatch(pattern);
    const found = files.filter((file) =>
      readFileSync(join(packageRoot, file), 'utf8')
        .split('\n')
        .some((line) => pattern.test(line)),
    );
    expect(found.filter((file) => !allowed[file])).toEqual([]);
  });
});

test('each price that comes with this version has its day', () => {
  const read = (name: string) =>
    JSON.parse(readFileSync(join(packageRoot, 'adapters/aws/prices', name), 'utf8'));
  expect(read('instances.json').date).toMatch(/^\d{4}-\d\d-\d\d$/);
  const { prices, burstVcpuHour } = read('services.json');
  for (const one of [...Object.values(prices), ...Object.values(burstVcpuHour)] as { date: string }[])
    expect(one.date).toMatch(/^\d{4}-\d\d-\d\d$/);
});
