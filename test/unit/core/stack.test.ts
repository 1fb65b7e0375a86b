/** What a stack allows, whatever a request asks for. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { isAllowed, refuseAbove } from '../../../core/stack.ts';
import { packageRoot } from '../../support/cli/project.ts';

const { Parameters } = parse(readFileSync(join(packageRoot, 'stack/limits.yml'), 'utf8'), {
  logLevel: 'error',
});
const usual: string = Parameters.InstanceTypes.Default;

describe('instance types', () => {
  test.each([
    ...['t3.medium', 'm6i.large', 'm7g.16xlarge', 'c5.24xlarge', 'c7gn.8xlarge', 'r7iz.2xlarge', 'i4i.large'],
    ...['m9x.large', 't4g.nano', 'r8gd.24xlarge'],
  ])('%s is allowed where nobody says anything', (type) => {
    expect(isAllowed(usual, type)).toBe(true);
  });

  test.each([
    ...[
      'p5.48xlarge',
      'p2.xlarge',
      'g6.xlarge',
      'gr6.4xlarge',
      'inf2.xlarge',
      'trn1.2xlarge',
      'dl1.24xlarge',
      'vt1.3xlarge',
    ],
    ...[
      'f2.6xlarge',
      'mac2.metal',
      'mac1.metal',
      'u-6tb1.112xlarge',
      'u7i-12tb.224xlarge',
      'hpc7a.96xlarge',
      'x2iedn.xlarge',
    ],
    ...['m6i.metal', 'c7g.metal-48xl', 'm6i.32xlarge', 'r7i.48xlarge', 'c8i.96xlarge', 'i7ie.48xlarge'],
  ])('%s is not', (type) => {
    expect(isAllowed(usual, type)).toBe(false);
  });

  test.each([
    ['m6i.large', 'm6i.large', true],
    ['m6i.large', 'm6i.large2', false],
    ['m6i.large', 'xm6i.large', false],
    ['m6i.*,c6i.*', 'c6i.4xlarge', true],
    ['m?i.large', 'm7i.large', true],
    ['m.*', 'm6i.large', false],
    ['*,!p*', 'p5.48xlarge', false],
    ['!p*', 'm6i.large', false],
    ['p5.48xlarge, !p*', 'p5.48xlarge', false],
    ['', 'm6i.large', false],
  ])('%j allows %s: %s', (patterns, type, allowed) => {
    expect(isAllowed(patterns, type)).toBe(allowed);
  });
});

describe('what is beyond a limit is refused in a sentence that names it, and says how it would be allowed', () => {
  const limits = { maxNodes: 10, instanceTypes: 'm*', maxDiskGiB: 100 };
  const nodegroup = { instanceType: 'm6i.large', diskGiB: 100 };

  test('up to the limit all is fine', () => {
    expect(() => refuseAbove(limits, { nodes: 10, nodegroup })).not.toThrow();
  });

  test.each([
    [
      { nodes: 11, nodegroup },
      '11 nodes: the stack does not allow that, its MaxNodes is 10',
      'gcd-sfn deploy --max-nodes 11',
    ],
    [
      { nodes: 1, nodegroup: { ...nodegroup, instanceType: 'p5.48xlarge' } },
      'instance type p5.48xlarge: the stack does not allow that, its InstanceTypes is m*',
      "gcd-sfn deploy --instance-types 'm*,p5.48xlarge'",
    ],
    [
      { nodegroup: { ...nodegroup, diskGiB: 16_384 } },
      'a disk of 16384 GiB for each node: the stack does not allow that, its MaxDiskGiB is 100',
      'gcd-sfn deploy --max-disk 16384',
    ],
  ])('%j', (asked, message, hint) => {
    const fault = { name: 'LimitExceeded', exitCode: 2, message, hint: expect.stringContaining(hint) };
    expect(() => refuseAbove(limits, asked)).toThrow(expect.objectContaining(fault));
  });
});
