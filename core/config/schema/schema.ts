/** The keys of config.yaml: the one source of the checks, the defaults, the JSON Schema and the reference. */
import * as z from 'zod';
import { bucketKeys, clusterKeys, tableKeys, taskKeys } from './keys.ts';
import { dataKeys, obsoleteKeys, resultKeys, solverKeys, waitKeys } from './legacy-keys.ts';

/** Under the headings that docs/config.md has. */
export const keyGroups = {
  data: { ...dataKeys, ...bucketKeys, ...tableKeys },
  results: resultKeys,
  tasks: taskKeys,
  waiting: waitKeys,
  solver: solverKeys,
  cluster: clusterKeys,
  obsolete: obsoleteKeys,
};

/** config.yaml as it stands in the file, with empty values already left out. */
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
  .describe('What gcd-sfn runs a project on, and how.');

/** config.yaml after the check: old names, defaults filled in. */
export type RawConfig = z.output<typeof configSchema>;
