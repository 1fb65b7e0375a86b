/** The validated configuration, as a run's request stores it: the result of `normalise`. */
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
  linkInside,
  mailAddress,
  matching,
  maxBytes,
  minBytes,
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

const bytes = (min: number) => {
  const message = `must be a number of bytes from ${min} to ${maxBytes}`;
  return z.number(message).min(min, message).max(maxBytes, message);
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
      /** The local folder that was copied there: absolute path on the machine that started the run. */
      folder: path().optional(),
    }),
  ],
  'must be a location of data files',
);

/** How a data bucket is accessed. */
const dataAccessSchema = z.object(
  {
    /** The bucket is requester-pays. */
    requesterPays: yesNo(),
    /** Requests without credentials, for a public bucket. */
    unsigned: yesNo(),
    /** URL of an S3-compatible service; null: AWS. */
    endpoint: endpoint().nullable().optional(),
  },
  'must be the access options of a bucket',
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
    /** Line number, from 1. */
    header: tableHeader(),
    /** Start of comment lines. */
    comment: tableComment(),
    /** One character; a space: any run of spaces and tabs. */
    delimiter: matching(/^(?:auto|[^\w"\r\n])$/, 'must be auto or a character'),
    /** Python's name. */
    encoding: tableEncoding(),
  },
  'must be the layout of a table',
);

const notifySchema = z.discriminatedUnion(
  'kind',
  [
    z.object({ kind: z.literal('email'), address: mailAddress() }),
    z.object({ kind: z.literal('topic'), arn: topic() }),
  ],
  'must be an e-mail address or a topic',
);

/** Times are seconds, sizes bytes; null: not given, and no default. */
export const configSchema = z.object(
  {
    /** Keys with a value in the file, in its order. */
    given: listOf(z.string()),
    dataBucket: dataBucketSchema,
    /** Absent in requests of older versions. */
    dataAccess: dataAccessSchema.optional(),
    /** Shell pattern for the key, or several, of which any may match. */
    filePattern: oneOrMore(filePattern(), 'must be a pattern, or a list of patterns'),
    /** Sources of JavaScript regular expressions, any of which may match; null: every column is a task. */
    columnKeywords: listOf(expression()).nullable(),
    /** Each file is one task, without columns. Absent in requests of older versions. */
    wholeFiles: yesNo().optional(),
    /** Layout of tables. Absent in requests of older versions. */
    table: tableSchema.optional(),
    /** Keys; empty: all files that match. */
    defaultProcessFiles: listOf(text()),
    savedBucket: bucket().nullable(),
    /** Without leading and trailing slashes; may be empty. */
    savedPathCloud: text(),
    fileNames: fileNamesSchema,
    acceptedIdleSeconds: seconds(604_800),
    nodesWaitSeconds: seconds(86_400),
    solverName: text().nullable(),
    /** Absolute path of the licence file on this machine. */
    solverLicenceFile: path().nullable(),
    /** Absolute path of its folder in the container. */
    solverLicenceTarget: containerFolder().nullable(),
    taskTimeoutSeconds: seconds(604_800).nullable(),
    /** Attempts after crashes, timeouts and lost nodes. */
    maxAttempts: whole(1, 100),
    /** Attempts after exceptions of the user's code; 1: no retry. */
    exceptionAttempts: whole(1, 100),
    memoryPerWorkerBytes: bytes(minBytes.memory).nullable(),
    keepOutput: yesNo(),
    /** Maximum bytes of a task's output files. Absent in requests of older versions: the default. */
    maxOutputBytes: bytes(minBytes.disk).optional(),
    /** results.csv starts with file, column and task id. Absent in requests of older versions: false. */
    identityColumns: yesNo().optional(),
    /** Maximum disk space of downloaded data files per machine. */
    dataCacheBytes: bytes(minBytes.disk).nullable(),
    /** A version (`3.11`), a command (`python3.11`) or an absolute path. */
    python: text().nullable(),
    env: environment(),
    /** Paths of links that may point outside the project. Absent in requests of older versions. */
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
    /** Whether a run on a cluster creates or starts the bastion. */
    bastion: yesNo(),
    /** Merged into a worker's pod. */
    pod: podPatch(),
  },
  'must be a configuration',
);
