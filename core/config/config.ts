/** The validated config.yaml: plain JSON, since a run's request stores it. */
import type { infer as Checked } from 'zod';
import type { configSchema } from './schema/config-schema.ts';

/** Times are seconds, sizes bytes; null: not given, and no default. */
export type Config = Checked<typeof configSchema>;

export type DataBucket = Config['dataBucket'];
/** How a data bucket is accessed. */
export type DataAccess = NonNullable<Config['dataAccess']>;
export type FileNames = Config['fileNames'];
export type Notify = NonNullable<Config['notify']>;

export const defaultAccess: DataAccess = { requesterPays: false, unsigned: false, endpoint: null };
