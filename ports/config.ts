/** config.yaml as the rest of the product sees it: plain JSON, since it is kept in a run's request. */
import type { TableSettings } from './table.ts';

export type DataBucket =
  /** Absolute path. */
  | { kind: 'folder'; path: string }
  /** The prefix is empty or ends with a slash. */
  | { kind: 's3'; bucket: string; prefix: string };

/** How a bucket with data is asked. */
export interface DataAccess {
  /** Whoever reads from it pays for that. */
  requesterPays: boolean;
  /** Without credentials: it is public, and may not know the caller. */
  unsigned: boolean;
  /** URL of a service other than AWS's that speaks S3's protocol; null: AWS's. */
  endpoint?: string | null;
}

export const usualAccess: DataAccess = { requesterPays: false, unsigned: false, endpoint: null };

export interface FileNames {
  savedData: string;
  logsData: string;
  errorData: string;
  performance: string;
  runtimeGanttChart: string;
}

export type Notify = { kind: 'email'; address: string } | { kind: 'topic'; arn: string };

/** Times are seconds, sizes bytes; null is "not given", where there is no default. */
export interface Config {
  /** Keys that have a value in the file, in its order. */
  given: string[];
  dataBucket: DataBucket;
  /** Absent in requests of older versions. */
  dataAccess?: DataAccess;
  /** Shell pattern on the key. */
  filePattern: string;
  /** Sources of JavaScript regular expressions, any of which may match; null: every column is a task. */
  columnKeywords: string[] | null;
  /** Each file is one task, whatever columns it has. Absent in requests of older versions. */
  wholeFiles?: boolean;
  /** Where tables have the names of their columns. Absent in requests of older versions. */
  table?: TableSettings;
  /** Keys; empty: all files that match. */
  defaultProcessFiles: string[];
  savedBucket: string | null;
  /** Without slashes at its ends; may be empty. */
  savedPathCloud: string;
  fileNames: FileNames;
  acceptedIdleSeconds: number;
  nodesWaitSeconds: number;
  solverName: string | null;
  /** Absolute path of the licence file on this machine. */
  solverLicenceFile: string | null;
  /** Absolute path of the folder in the container where it appears. */
  solverLicenceTarget: string | null;
  taskTimeoutSeconds: number | null;
  /** For crashes, timeouts and lost nodes. */
  maxAttempts: number;
  /** For exceptions of the user's code; 1: not tried again. */
  exceptionAttempts: number;
  memoryPerWorkerBytes: number | null;
  keepOutput: boolean;
  /** Most bytes of files that a task may leave as its output. Undefined in runs of earlier versions: the default. */
  maxOutputBytes?: number;
  /** Most disk that fetched data files may take on one machine. */
  dataCacheBytes: number | null;
  /** A version (`3.11`), a command (`python3.11`) or an absolute path. */
  python: string | null;
  env: Record<string, string>;
  /** Links that may lead out of the project into its image, by their paths in it. Absent in requests of older versions. */
  followLinks?: string[];
  instanceType: string;
  maxNodes: number;
  spot: boolean;
  /** Null: one per vCPU. */
  workersPerNode: number | null;
  region: string | null;
  tags: Record<string, string>;
  budgetUsd: number | null;
  notify: Notify | null;
  keepImages: boolean;
  /** Whether a run on a cluster makes or starts the machine from which somebody debugs. */
  bastion: boolean;
  /** Merged into the worker pod. */
  pod: Record<string, unknown>;
}
