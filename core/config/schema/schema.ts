/** The keys of config.yaml: single source of checks, defaults, JSON Schema and reference. */
import * as z from 'zod';
import { bucketKeys, clusterKeys, tableKeys, taskKeys } from './keys.ts';
import { dataKeys, obsoleteKeys, resultKeys, solverKeys, waitKeys } from './legacy-keys.ts';

/** Keys by section of docs/config.md. */
export const keyGroups = {
  data: { ...dataKeys, ...bucketKeys, ...tableKeys },
  results: resultKeys,
  tasks: taskKeys,
  waiting: waitKeys,
  solver: solverKeys,
  cluster: clusterKeys,
  obsolete: obsoleteKeys,
};

/** config.yaml as written in the file, without empty values. */
export const configSchema = z
  .strictObject({
    ...dataKeys,
    ...bucketKeys,
    ...tableKeys,
    ...resultKeys,
    ...taskKeys,
    ...waitKeys,
    ...solverKeys,
    ...clusterKeys,
    ...obsoleteKeys,
  })
  .describe('Configuration of a gcd-sfn project.');

/** config.yaml after validation: keys as in the file, defaults filled in. */
export type RawConfig = z.output<typeof configSchema>;
