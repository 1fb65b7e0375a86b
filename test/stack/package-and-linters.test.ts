/** What is packaged, and what linters say of it. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { awsPage, readPage } from '../../scripts/aws-page.ts';
import { lintPython } from '../../scripts/stack-linters.ts';
import { ofType, packageFolder, readTemplate, templatePath } from '../support/stack/template.ts';

const template = readTemplate();
const zips = readdirSync(packageFolder).filter((name) => name.endsWith('.zip'));

test('it is packaged without credentials and without a network', () => {
  const said = readFileSync(join(packageFolder, 'said.txt'), 'utf8');
  expect(said).toContain('Service packaged');
  expect(said).not.toMatch(/warning|deprecat|NETWORK/i);
});

describe('zips', () => {
  const files = (zip: string) =>
    spawnSync(
      'python3',
      [
        '-c',
        'import sys, zipfile; print("\\n".join(zipfile.ZipFile(sys.argv[1]).namelist()))',
        join(packageFolder, zip),
      ],
      { encoding: 'utf8' },
    )
      .stdout.trim()
      .split('\n');

  test('there is one for each function', () => {
    const names = ofType(template, 'AWS::Lambda::Function').map(([name]) =>
      name.replace('LambdaFunction', '.zip'),
    );
    expect(zips.sort()).toEqual(names.sort());
  });

  const sizeOf = (zip: string) => statSync(join(packageFolder, zip)).size;
  test('are below 500 kB, but for the one with the renderer and its fonts', () => {
    const large = zips.filter((zip) => sizeOf(zip) >= 500_000);
    expect(large).toEqual(['Report.zip']);
    expect(sizeOf('Report.zip')).toBeLessThan(2_500_000);
  });

  test("hold none of the official Kubernetes client's code", () => {
    const program = `import sys, zipfile
for path in sys.argv[1:]:
    with zipfile.ZipFile(path) as archive:
        if any(b"getAttributeTypeMap" in archive.read(name) for name in archive.namelist()): print(path)`;
    const paths = zips.map((zip) => join(packageFolder, zip));
    const { stdout, stderr } = spawnSync('python3', ['-c', program, ...paths], { encoding: 'utf8' });
    expect([stdout, stderr]).toEqual(['', '']);
  });

  test('hold one bundle each, and nothing native', () => {
    for (const zip of zips) {
      const inside = files(zip);
      expect(inside.filter((file) => /(^|[/-])handler\.mjs$/.test(file))).toHaveLength(1);
      expect(inside.filter((file) => file.endsWith('.node'))).toEqual([]);
      if (zip !== 'Report.zip') expect(inside).toHaveLength(1);
    }
  });
});

describe('linters', () => {
  const python = (...args: string[]) => {
    const { stdout, stderr } = spawnSync(lintPython, args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
    return { stdout, stderr };
  };

  test('cfn-lint finds nothing but what serverless writes', () => {
    const { stdout, stderr } = python(
      '-c',
      'from cfnlint.runner import main; main()',
      '--format',
      'json',
      templatePath,
    );
    expect(stderr).toBe('');
    const found = (JSON.parse(stdout) as { Rule: { Id: string }; Message: string }[]).map(
      ({ Rule, Message }) => `${Rule.Id} ${Message}`,
    );
    // Each function depends on its role twice.
    expect(found.filter((line) => !/^W3005 '\w+Role' dependency already enforced/.test(line))).toEqual([]);
  }, 180_000);

  test('checkov finds nothing that has no reason', () => {
    const reasons: Record<string, string> = {
      CKV_AWS_108:
        'roles: data files are in buckets that only a run names; the parameter DataBuckets bounds them',
      CKV_AWS_115: 'functions: a run asks one at a time, so none needs a limit to how many are asked at once',
      CKV_AWS_116:
        'functions: Step Functions and CloudFormation wait for their answers; the janitor is asked again in 5 minutes',
      CKV_AWS_117: 'functions: they reach AWS alone; in a network they would need a NAT gateway',
      CKV_AWS_136: "repository: encrypted by AWS's key; one of our own costs $1 a month",
      CKV_AWS_158: "log groups: encrypted by AWS's key",
      CKV_AWS_173: "functions: their variables hold names of the stack's parts, encrypted by AWS's key",
      CKV_AWS_18: 'buckets: who read what is not logged: it would need a third bucket',
      CKV_AWS_21: 'buckets: every object is written once, or may be made anew from others',
      CKV_AWS_51: 'repository: immutable but for layers, which checkov does not know yet',
    };
    const { stdout, stderr } = python(
      '-m',
      'checkov.main',
      '-f',
      templatePath,
      '--framework',
      'cloudformation',
      '-o',
      'json',
      '--compact',
      '--quiet',
    );
    const [start] = [stdout.indexOf('{')];
    if (start === -1) throw new Error(stdout + stderr);
    const { results, summary } = JSON.parse(stdout.slice(start)) as {
      results: { failed_checks: { check_id: string }[] };
      summary: { passed: number };
    };
    expect(summary.passed).toBeGreaterThan(100);
    const found = new Set(results.failed_checks.map(({ check_id }) => check_id));
    expect([...found].sort()).toEqual(Object.keys(reasons).sort());
  }, 180_000);
});

test('the tables of docs/aws.md are current; if not: node scripts/aws-page.ts', () => {
  const made = awsPage(readPage(), template);
  expect(readPage()).toBe(made);
  for (const name of ['resources', 'permissions', 'prices', 'costs'])
    expect(made).toContain(`<!-- ${name}: made by`);
});
