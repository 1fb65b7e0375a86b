/** config.yaml as the rest of the product sees it: plain JSON, since it is kept in a run's request. */
import type { infer as Checked } from 'zod';
import type { configSchema } from './schema/config-schema.ts';

/** Times are seconds, sizes bytes; null is "not given", where there is no default. */
export type Config = Checked<typeof configSchema>;

export type DataBucket = Config['dataBucket'];
/** How a bucket with data is asked. */
export type DataAccess = NonNullable<Config['dataAccess']>;
export type FileNames = Config['fileNames'];
export type Notify = NonNullable<Config['notify']>;

export const defaultAccess: DataAccess = { requesterPays: false, unsigned: false, endpoint: null };
