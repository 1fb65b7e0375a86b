/** Converts the keys of config.yaml to Config. */
import { homedir } from 'node:os';
import { join, posix, resolve } from 'node:path';
import type { TableSettings } from '../run-store/plan/table-layout.ts';
import { encodingOf } from '../values/encodings.ts';
import { parseQuantity } from '../values/memory-quantity.ts';
import type { Config, DataBucket, Notify } from './config.ts';
import type { RawConfig } from './schema/schema.ts';

/** The predecessor's default. */
const idleSeconds = 360;

/**
 * Converts types and fills in defaults that the schema does not have.
 * @param raw - keys and values, validated by the schema
 * @param given - keys with a value in the file
 * @param projectDir - absolute path, to which relative folders are resolved
 */
export function normalise(raw: RawConfig, given: string[], projectDir: string): Config {
  return {
    given,
    dataBucket: parseDataBucket(raw.data_bucket, projectDir),
    dataAccess: {
      requesterPays: raw.data_requester_pays,
      unsigned: raw.data_unsigned,
      endpoint: raw.endpoint_url ?? null,
    },
    filePattern: [raw.file_pattern].flat().length === 0 ? '*' : raw.file_pattern,
    columnKeywords: wholeFiles(raw) ? null : noneIfEmpty(list(raw.process_column_keywords || undefined)),
    wholeFiles: wholeFiles(raw),
    table: parseTable(raw.table),
    defaultProcessFiles: list(raw.default_process_files),
    savedBucket: raw.saved_bucket ?? null,
    savedPathCloud: raw.saved_path_cloud.replace(/^\/+|\/+$/g, ''),
    fileNames: {
      savedData: raw.filename.saved_data,
      logsData: raw.filename.logs_data,
      errorData: raw.filename.error_data,
      performance: raw.filename.performance,
      runtimeGanttChart: raw.filename.runtime_gantt_chart,
    },
    acceptedIdleSeconds: raw.acccepted_idle_time ?? raw.accepted_idle_time ?? idleSeconds,
    nodesWaitSeconds: raw.scale_eks_nodes_wait_time,
    solverName: raw.solver_name ?? null,
    solverLicenceFile: raw.solver_lic_file_local_source
      ? path(raw.solver_lic_file_local_source, projectDir)
      : null,
    solverLicenceTarget: raw.solver_lic_target_path_in_images_dest ?? null,
    taskTimeoutSeconds: raw.task_timeout ?? null,
    maxAttempts: raw.max_attempts,
    exceptionAttempts: exceptionAttempts(raw),
    memoryPerWorkerBytes: raw.memory_per_worker ? parseQuantity(raw.memory_per_worker) : null,
    keepOutput: raw.keep_output,
    maxOutputBytes: parseQuantity(raw.max_output_bytes) as number,
    identityColumns: raw.identity_columns,
    dataCacheBytes: raw.data_cache ? parseQuantity(raw.data_cache) : null,
    python: raw.python ? interpreter(raw.python, projectDir) : null,
    env: raw.env,
    followLinks: list(raw.follow_links).map((link) => posix.normalize(link).replace(/\/$/, '')),
    instanceType: raw.instance_type,
    maxNodes: raw.max_nodes,
    spot: raw.spot,
    workersPerNode: raw.workers_per_node ?? null,
    region: raw.region ?? null,
    tags: raw.tags,
    budgetUsd: raw.budget_usd ?? null,
    notify: raw.notify ? parseNotify(raw.notify) : null,
    keepImages: raw.keep_images,
    bastion: raw.bastion,
    pod: raw.pod,
  };
}

function parseDataBucket(given: string, projectDir: string): DataBucket {
  if (/^[.~]?\.?(\/|$)/.test(given)) return { kind: 'folder', path: path(given, projectDir) };
  const [bucket, ...folders] = given.replace(/^s3:\/\//, '').split('/');
  const prefix = folders.filter((folder) => folder !== '').join('/');
  return { kind: 's3', bucket: bucket!, prefix: prefix && `${prefix}/` };
}

const wholeFiles = ({ process_column_keywords: given }: RawConfig) => given === false || given === 'none';

const delimiters: Record<string, string> = {
  comma: ',',
  semicolon: ';',
  tab: '\t',
  pipe: '|',
  blanks: ' ',
};

function parseTable({ header, comment, delimiter, encoding }: RawConfig['table']): TableSettings {
  return {
    header,
    comment,
    delimiter: delimiters[delimiter] ?? delimiter,
    encoding: encoding === 'auto' ? encoding : (encodingOf(encoding) ?? encoding),
  };
}

function parseNotify(given: string): Notify {
  return given.startsWith('arn:') ? { kind: 'topic', arn: given } : { kind: 'email', address: given };
}

/** A command or a version stays as it is and is resolved later. */
function interpreter(given: string, projectDir: string): string {
  return given.includes('/') ? path(given, projectDir) : given;
}

function path(given: string, projectDir: string): string {
  return given === '~' || given.startsWith('~/')
    ? join(homedir(), given.slice(1))
    : resolve(projectDir, given);
}

function exceptionAttempts({ retry_exceptions: given, max_attempts: max }: RawConfig): number {
  return typeof given === 'number' ? given : given ? max : 1;
}

function list<Item>(given: Item | Item[] | undefined): Item[] {
  return given === undefined ? [] : ([given].flat() as Item[]);
}

const noneIfEmpty = <Item>(items: Item[]) => (items.length > 0 ? items : null);
