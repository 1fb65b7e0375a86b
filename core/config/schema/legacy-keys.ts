/** Keys of gismo-cloud-deploy, the predecessor, under their old names. */
import * as z from 'zod';
import { resultEndings } from '../../run-store/result-names.ts';
import {
  bucket,
  containerFolder,
  dataBucket,
  expression,
  fileName,
  filePattern,
  oneOrMore,
  seconds,
  text,
  yesNo,
} from './fields.ts';

const name = (standard: string, ending: string, meaning: string) =>
  fileName(ending).default(standard).describe(meaning);

export const fileNames = z
  .strictObject(
    {
      saved_data: name('results.csv', resultEndings.savedData, 'One row per task that succeeded.'),
      logs_data: name('logs.csv', resultEndings.logsData, 'One row per task: when, where, how it ended.'),
      error_data: name(
        'error.csv',
        resultEndings.errorData,
        'One row per task that failed, with the reason.',
      ),
      performance: name(
        'performance.txt',
        resultEndings.performance,
        'The table of durations that a run prints at its end.',
      ),
      runtime_gantt_chart: name(
        'runtime.png',
        resultEndings.runtimeGanttChart,
        'Chart of the tasks of each worker over time.',
      ),
    },
    'must be a mapping, such as "filename:" with "  saved_data: results.csv" in the next line',
  )
  .prefault({})
  .describe('Names of the files in the folder results.');

const keywords = 'must be a regular expression, a list of them, or none';

export const dataKeys = {
  data_bucket: dataBucket().describe(
    'Location of the data files: the name of an S3 bucket, s3://bucket/prefix, or a folder such as ./data, relative to the project folder.',
  ),
  file_pattern: oneOrMore(filePattern(), 'must be a pattern, or a list of patterns')
    .default('*')
    .describe(
      'Files to process: a shell pattern for their keys, such as "*.csv", or a list of patterns; `*` also matches subfolders. Always write it in quotes.',
    ),
  process_column_keywords: z
    .union([expression(), z.array(expression(), keywords), z.literal(false)], keywords)
    .optional()
    .describe(
      'Columns to process: a JavaScript regular expression that is searched in each column name, or a list, of which any may match. Default: every column is a task; none: each file as a whole is one task.',
    ),
  default_process_files: oneOrMore(
    text().min(1, 'must not be empty'),
    'must be the key of a file, or a list of keys',
  )
    .optional()
    .describe('Keys of the files to process when neither -n nor -f is given. Default: all matching files.'),
};

export const resultKeys = {
  saved_bucket: bucket()
    .optional()
    .describe("S3 bucket that results are copied to. Default: the stack's bucket."),
  saved_path_cloud: text()
    .default('results')
    .describe('Folder in saved_bucket; each run has its own subfolder.'),
  filename: fileNames,
};

const idle = () => seconds(604_800);

export const waitKeys = {
  acccepted_idle_time: idle()
    .optional()
    .describe(
      "Seconds without a finished task after which a run counts as stuck (default 360). The spelling is the predecessor's.",
    ),
  accepted_idle_time: idle().optional().describe('The same as acccepted_idle_time, in the correct spelling.'),
  scale_eks_nodes_wait_time: seconds(86_400)
    .default(900)
    .describe('Seconds to wait for the requested nodes; then the run starts with those that are ready.'),
};

export const solverKeys = {
  solver_name: text().optional().describe('Passed to entrypoint as solver_name, such as "MOSEK".'),
  solver_lic_file_local_source: text()
    .optional()
    .describe(
      'Licence file of the solver, relative to the project folder. On this machine its path is passed to entrypoint as solver_file.',
    ),
  solver_lic_target_path_in_images_dest: containerFolder()
    .optional()
    .describe('Folder in the container for the licence file, such as "/root/mosek".'),
};

/** Keys that are accepted and ignored, with a notice (notices.ts). */
export const obsoleteKeys = {
  repeat_number_per_round: z
    .number('must be a number')
    .optional()
    .describe('Ignored: repeat tasks with start --repeat.'),
  is_celeryflower_on: yesNo().optional().describe('Ignored: Celery is not used any more.'),
  num_worker_pods_per_namespace: z
    .number('must be a number')
    .optional()
    .describe('Ignored: there is one namespace; see workers_per_node.'),
  interval_of_checking_sqs: z
    .number('must be a number')
    .optional()
    .describe('Ignored: results arrive without polling.'),
  interval_of_wait_pod_ready: z
    .number('must be a number')
    .optional()
    .describe('Ignored: nodes and workers are polled at fixed intervals.'),
};
