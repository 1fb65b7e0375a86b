/** The fields of a pod that `pod` in config.yaml is checked by. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { podSchemaText } from '../../../scripts/pod-schema.ts';
import { packageRoot } from '../../support/cli/project.ts';

test('pod-schema.json is current; if not: node scripts/pod-schema.ts', () => {
  const kept = readFileSync(join(packageRoot, 'core/config/schema/pod-schema.json'), 'utf8');
  expect(kept).toBe(podSchemaText());
});
