/** Creates the workers of a run on this machine from its configuration. */

import { availableParallelism } from 'node:os';
import type { DataCache } from '../../../adapters/local/data-cache/data-cache.ts';
import { LocalWorkers } from '../../../adapters/local/workers/local-workers.ts';
import type { Config } from '../../../core/config/config.ts';
import type { AwsAccess } from '../../../core/config/dotenv.ts';
import type { DataPlace } from './data-place.ts';
import type { LocalExecutionOptions } from './local-execution-options.ts';

export interface WorkersPlace {
  /** Number of the execution. */
  execution: string;
  place: DataPlace;
  /** Cache for data files from S3. */
  cache: DataCache | undefined;
  /** Command line of the interpreter, called when the first worker starts. */
  python: () => string[];
}

export function newWorkers(
  { request, held, code, credentials, retryFailed }: LocalExecutionOptions,
  { execution, place, cache, python }: WorkersPlace,
): LocalWorkers {
  const { config } = request;
  return new LocalWorkers({
    store: held.store,
    execution,
    slots: request.workers,
    python,
    retryFailed: retryFailed ?? false,
    ...(cache && { data: cache }),
    settings: {
      project: code,
      data_root: place.files.kind === 'here' ? place.files.folder : (cache?.root ?? null),
      arguments: {
        data_bucket: place.bucket,
        ...staticKeys(credentials),
        aws_region: config.region ?? credentials.region,
        solver_name: config.solverName,
        solver_file: config.solverLicenceFile,
      },
      task_timeout: config.taskTimeoutSeconds,
      max_attempts: config.maxAttempts,
      retry_exceptions: config.exceptionAttempts,
      memory: config.memoryPerWorkerBytes,
      keep_output: config.keepOutput,
      max_output_bytes: config.maxOutputBytes ?? null,
      environment: { ...temporaryKeys(credentials), ...endpointOf(config), ...config.env },
      threads: threadsOfAWorker(request.workers),
    },
  });
}

/** Threads per worker: an equal share of this machine's cores. */
export function threadsOfAWorker(workers: number): number {
  return Math.max(1, Math.floor(availableParallelism() / workers));
}

/** Makes boto3, in the user's code, use the same S3 service as the data. */
function endpointOf({ dataAccess }: Config): Record<string, string> {
  return dataAccess?.endpoint ? { AWS_ENDPOINT_URL_S3: dataAccess.endpoint } : {};
}

/** Static keys only: there is no argument for a session token. */
function staticKeys({ accessKeyId, secretAccessKey, sessionToken }: AwsAccess) {
  const isStatic = sessionToken === null;
  return {
    aws_access_key: isStatic ? accessKeyId : null,
    aws_secret_access_key: isStatic ? secretAccessKey : null,
  };
}

/** boto3 finds them in the environment, also those that came from `.env`. */
function temporaryKeys({ accessKeyId, secretAccessKey, sessionToken }: AwsAccess): Record<string, string> {
  if (accessKeyId === null || secretAccessKey === null || sessionToken === null) return {};
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  };
}
