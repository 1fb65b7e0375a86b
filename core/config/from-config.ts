/** Config, the form in which a run's request stores config.yaml, back under the keys of that file. */

/** Keys of config.yaml by their name in Config; those that are missing here are converted below, or spelled alike. */
const keys: Record<string, string> = {
  filePattern: 'file_pattern',
  defaultProcessFiles: 'default_process_files',
  savedBucket: 'saved_bucket',
  savedPathCloud: 'saved_path_cloud',
  acceptedIdleSeconds: 'accepted_idle_time',
  nodesWaitSeconds: 'scale_eks_nodes_wait_time',
  solverName: 'solver_name',
  solverLicenceFile: 'solver_lic_file_local_source',
  solverLicenceTarget: 'solver_lic_target_path_in_images_dest',
  taskTimeoutSeconds: 'task_timeout',
  maxAttempts: 'max_attempts',
  exceptionAttempts: 'retry_exceptions',
  memoryPerWorkerBytes: 'memory_per_worker',
  keepOutput: 'keep_output',
  maxOutputBytes: 'max_output_bytes',
  identityColumns: 'identity_columns',
  dataCacheBytes: 'data_cache',
  followLinks: 'follow_links',
  instanceType: 'instance_type',
  maxNodes: 'max_nodes',
  workersPerNode: 'workers_per_node',
  budgetUsd: 'budget_usd',
  keepImages: 'keep_images',
};

const delimiters: Record<string, string> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'pipe',
  ' ': 'blanks',
};

type Fields = Record<string, unknown>;

const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A value that is no mapping stays as it is: requests of older versions and damaged ones are shown, too. */
const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;

const converted: Record<string, (value: unknown, config: Fields) => Fields> = {
  // Which keys the file had is no key.
  given: () => ({}),
  dataBucket: (value) => {
    const { kind, path, bucket, prefix = '' } = fieldsOf(value) ?? {};
    return { data_bucket: kind === 'folder' ? path : kind === 's3' ? `s3://${bucket}/${prefix}` : value };
  },
  dataAccess: (value) => {
    const { requesterPays, unsigned, endpoint } = fieldsOf(value) ?? {};
    return { data_requester_pays: requesterPays, data_unsigned: unsigned, endpoint_url: endpoint };
  },
  columnKeywords: (value, { wholeFiles }) => ({
    process_column_keywords: wholeFiles === true ? 'none' : value,
  }),
  wholeFiles: () => ({}),
  table: (value) => {
    const table = fieldsOf(value);
    const delimiter = String(table?.delimiter);
    return { table: table ? { ...table, delimiter: delimiters[delimiter] ?? delimiter } : value };
  },
  fileNames: (value) => {
    const names = fieldsOf(value);
    if (!names) return { filename: value };
    return {
      filename: Object.fromEntries(Object.entries(names).map(([name, file]) => [snakeCase(name), file])),
    };
  },
  notify: (value) => {
    const { kind, address, arn } = fieldsOf(value) ?? {};
    return { notify: kind === 'email' ? address : kind === 'topic' ? arn : value };
  },
};

/** The keys and values; times are seconds, sizes bytes, folders absolute paths. Unknown names stay as they are. */
export function fromConfig(config: Fields): Fields {
  const all = Object.entries(config).map(([name, value]) => {
    const convert = Object.hasOwn(converted, name) ? converted[name] : undefined;
    return convert ? convert(value, config) : { [keys[name] ?? name]: value };
  });
  return Object.assign({}, ...all);
}
