<<<<<<< HEAD

/** The configuration of a run, from config.yaml. Plain JSON, since it is stored in the run's request. */
import type { infer as Checked } from 'zod';
import type { configSchema } from './schema/config-schema.ts';

/** Times in seconds, sizes in bytes; null for keys that are not set and have no default. */
export type Config = Checked<typeof configSchema>;

export type DataBucket = Config['dataBucket'];
/** How to access a data bucket. */
=======

/** The validated config.yaml: plain JSON, since a run's request stores it. */
import type { infer as Checked } from 'zod';
import type { configSchema } from './schema/config-schema.ts';

/** Times are seconds, sizes bytes; null: not given, and no default. */
export type Config = Checked<typeof configSchema>;

export type DataBucket = Config['dataBucket'];
/** How a data bucket is accessed. */
>>>>>>> integration
export type DataAccess = NonNullable<Config['dataAccess']>;
export type FileNames = Config['fileNames'];
export type Notify = NonNullable<Config['notify']>;

export const defaultAccess: DataAccess = { requesterPays: false, unsigned: false, endpoint: null };
