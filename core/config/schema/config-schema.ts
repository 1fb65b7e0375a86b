/** The checked configuration as a run's request keeps it: what `normalise` makes of config.yaml. */
import * as z from 'zod';
import { resultEndings } from '../../run-store/result-names.ts';
import { nameOfRegion, typeOfInstance } from '../../values/aws-names.ts';
import {
  bucket,
  containerFolder,
  dollars,
  endpoint,
  environment,
  expression,
  fileName,
  filePattern,
  leastBytes,
  linkInside,
  mailAddress,
  matching,
  mostBytes,
  nodeCount,
  oneOrMore,
  podPatch,
  seconds,
  tableComment,
  tableEncoding,
  tableHeader,
  tag,
  tags,
  tagText,
  text,
  topic,
  whole,
  yesNo,
} from './fields.ts';

const path = () => z.string('must be a path').min(1, 'must be a path').max(4096, 'is too long a path');

const bytes = (least: number) => {
  const message = `must be a number of bytes from ${least} to ${mostBytes}`;
  return z.number(message).min(least, message).max(mostBytes, message);
};

const listOf = <Item extends z.ZodType>(item: Item) => z.array(item, 'must be a list');

const dataBucketSchema = z.discriminatedUnion(
  'kind',
  [
    /** Absolute path. */
    z.object({ kind: z.literal('folder'), path: path() }),
    /** The prefix is empty or ends with a slash. */
    z.object({
      kind: z.literal('s3'),
      bucket: bucket(),
      prefix: z
        .string('must be a text')
        .regex(/^(?:|[\s\S]{0,1023}\/)$/, 'must be empty or end with a slash'),
      /** The folder that a start has copied there: absolute path on the machine of who began the run. */
      folder: path().optional(),
    }),
  ],
  'must be a place of data files',
);

/** How a bucket with data is asked. */
const dataAccessSchema = z.object(
  {
    /** Whoever reads from it pays for that. */
    requesterPays: yesNo(),
    /** Without credentials: it is public, and may not know the caller. */
    unsigned: yesNo(),
    /** URL of a service other than AWS's that speaks S3's protocol; null: AWS's. */
    endpoint: endpoint().nullable().optional(),
  },
  'must say how a bucket is asked',
);

const fileNamesSchema = z.object(
  {
    savedData: fileName(resultEndings.savedData),
    logsData: fileName(resultEndings.logsData),
    errorData: fileName(resultEndings.errorData),
    performance: fileName(resultEndings.performance),
    runtimeGanttChart: fileName(resultEndings.runtimeGanttChart),
  },
  'must be names of files',
);

const tableSchema = z.object(
  {
    /** Line of the file, from 1. */
    header: tableHeader(),
    /** What lines begin with that are passed over. */
    comment: tableComment(),
    /** One character; a blank: any run of blanks and tabs. */
    delimiter: matching(/^(?:auto|[^\w"\r\n])$/, 'must be auto or a character'),
    /** As Python calls it. */
    encoding: tableEncoding(),
  },
  'must say where the names of columns are',
);

const notifySchema = z.discriminatedUnion(
  'kind',
  [
    z.object({ kind: z.literal('email'), address: mailAddress() }),
    z.object({ kind: z.literal('topic'), arn: topic() }),
  ],
  'must say who hears of the end',
);

/** Times are seconds, sizes bytes; null is "not given", where there is no default. */
export const configSchema = z.object(
  {
    /** Keys that have a value in the file, in its order. */
    given: listOf(z.string()),
    dataBucket: dataBucketSchema,
    /** Absent in requests of older versions. */
    dataAccess: dataAccessSchema.optional(),
    /** Shell pattern on the key, or several of which any may match. */
    filePattern: oneOrMore(filePattern(), 'must be a pattern, or a list of patterns'),
    /** Sources of JavaScript regular expressions, any of which may match; null: every column is a task. */
    columnKeywords: listOf(expression()).nullable(),
    /** Each file is one task, whatever columns it has. Absent in requests of older versions. */
    wholeFiles: yesNo().optional(),
    /** Where tables have the names of their columns. Absent in requests of older versions. */
    table: tableSchema.optional(),
    /** Keys; empty: all files that match. */
    defaultProcessFiles: listOf(text()),
    savedBucket: bucket().nullable(),
    /** Without slashes at its ends; may be empty. */
    savedPathCloud: text(),
    fileNames: fileNamesSchema,
    acceptedIdleSeconds: seconds(604_800),
    nodesWaitSeconds: seconds(86_400),
    solverName: text().nullable(),
    /** Absolute path of the licence file on this machine. */
    solverLicenceFile: path().nullable(),
    /** Absolute path of the folder in the container where it appears. */
    solverLicenceTarget: containerFolder().nullable(),
    taskTimeoutSeconds: seconds(604_800).nullable(),
    /** For crashes, timeouts and lost nodes. */
    maxAttempts: whole(1, 100),
    /** For exceptions of the user's code; 1: not tried again. */
    exceptionAttempts: whole(1, 100),
    memoryPerWorkerBytes: bytes(leastBytes.memory).nullable(),
    keepOutput: yesNo(),
    /** Most bytes of files that a task may leave as its output. Absent in requests of older versions: the default. */
    maxOutputBytes: bytes(leastBytes.disk).optional(),
    /** results.csv begins with whose row a row is. Absent in requests of older versions: it does not. */
    identityColumns: yesNo().optional(),
    /** Most disk that fetched data files may take on one machine. */
    dataCacheBytes: bytes(leastBytes.disk).nullable(),
    /** A version (`3.11`), a command (`python3.11`) or an absolute path. */
    python: text().nullable(),
    env: environment(),
    /** Links that may lead out of the project into its image, by their paths in it. Absent in requests of older versions. */
    followLinks: listOf(linkInside()).optional(),
    instanceType: typeOfInstance(),
    maxNodes: nodeCount(),
    spot: yesNo(),
    /** Null: one per vCPU. */
    workersPerNode: whole(1, 1000).nullable(),
    region: nameOfRegion().nullable(),
    tags: tags(tag(), tagText()),
    budgetUsd: dollars().nullable(),
    notify: notifySchema.nullable(),
    keepImages: yesNo(),
    /** Whether a run on a cluster makes or starts the machine from which somebody debugs. */
    bastion: yesNo(),
    /** Merged into the worker pod. */
    pod: podPatch(),
  },
  'must be a configuration',
);
