/** Keys that gismo-cloud-deploy, the predecessor, did not have. All are optional. */
import * as z from 'zod';
import { nameOfRegion, typeOfInstance } from '../../values/aws-names.ts';
import {
  disk,
  dollars,
  endpoint,
  environment,
  linkInside,
  matching,
  memory,
  nodeCount,
  oneOrMore,
  podPatch,
  recipient,
  seconds,
  tableComment,
  tableEncoding,
  tableHeader,
  tag,
  tags,
  tagText,
  text,
  whole,
  yesNo,
} from './fields.ts';

const retries = 'must be true, false, or a whole number of attempts from 1 to 100';

export const bucketKeys = {
  data_requester_pays: yesNo()
    .default(false)
    .describe('Pay for requests and transfers of a requester-pays data_bucket; S3 rejects them otherwise.'),
  data_unsigned: yesNo()
    .default(false)
    .describe('Read a public data_bucket without credentials. Without any credentials this is the default.'),
  endpoint_url: endpoint()
    .optional()
    .describe(
      'URL of an S3-compatible service with data_bucket, such as MinIO or Ceph. For runs on this machine.',
    ),
};

/** Where the column names of a table are; most files need none of it. */
export const tableFields = z
  .strictObject(
    {
      header: tableHeader()
        .default('auto')
        .describe(
          'Line number of the column names, from 1; none: the file has no names, its columns are 0, 1, 2, …',
        ),
      comment: tableComment()
        .default('auto')
        .describe('Start of comment lines, which are skipped, such as "#"; none: no comments.'),
      delimiter: matching(
        /^(?:auto|comma|semicolon|tab|pipe|blanks|[^\w"\r\n])$/,
        'must be auto, comma, semicolon, tab, pipe, blanks, or a character in quotes',
      )
        .default('auto')
        .describe('Separator of cells: comma, semicolon, tab, pipe, blanks, or a character in quotes.'),
      encoding: tableEncoding()
        .default('auto')
        .describe("Encoding of the files, by Python's name: utf-8, utf-16, cp1252, shift_jis, …"),
    },
    'must be a mapping, such as "table:" with "  header: 3" in the next line',
  )
  .prefault({})
  .describe(
    'Where the column names are, for files in which they are not detected. start --dry-run and validate show what was detected.',
  );

export const tableKeys = { table: tableFields };

export const taskKeys = {
  task_timeout: seconds(604_800)
    .optional()
    .describe('Seconds after which a task is killed and counts as failed. Default: no limit.'),
  max_attempts: whole(1, 100)
    .default(3)
    .describe('Maximum attempts of a task that crashes, exceeds task_timeout or loses its node.'),
  retry_exceptions: z
    .union([z.boolean(), whole(1, 100)], retries)
    .default(false)
    .describe(
      'Maximum attempts of a task whose code raises an exception: a number; false means 1, true means max_attempts.',
    ),
  memory_per_worker: memory()
    .optional()
    .describe(
      'Maximum memory of a worker, such as 512Mi or 2Gi; on a cluster at least 64Mi. Default: no limit on this machine, an equal share of the node on a cluster.',
    ),
  keep_output: yesNo().default(false).describe('Keep the output of every task, not only of failed tasks.'),
  max_output_bytes: disk()
    .default('1Gi')
    .describe(
      'Maximum total size of the files that a task leaves in its working directory, such as 500Mi. A task that leaves more fails.',
    ),
  identity_columns: yesNo()
    .default(true)
    .describe(
      'results.csv starts with `file_name`, `column_name` and `task_id`, and with `row` if a task returns several rows; `false`: it has only your own columns.',
    ),
  data_cache: disk()
    .optional()
    .describe(
      'Maximum disk space for data files downloaded from S3, per machine, such as 20Gi. Default: 10Gi, or a quarter of the free space.',
    ),
  python: text()
    .optional()
    .describe('Python that runs the project: a version such as "3.11", a command, or a path.'),
  env: environment()
    .default({})
    .describe(
      'Environment variables for your code. Unless set here, numerical libraries use one thread per core of the worker (`OMP_NUM_THREADS` and others), and matplotlib draws without a display (`MPLBACKEND=Agg`); `gcd-sfn doctor --project DIR` shows the values.',
    ),
};

export const clusterKeys = {
  follow_links: oneOrMore(linkInside(), 'must be the path of a link, or a list of paths')
    .optional()
    .describe(
      'Symbolic links that may point outside the project folder: the image contains their targets. Other such links are rejected.',
    ),
  instance_type: typeOfInstance().default('m6i.large').describe('EC2 instance type of the nodes.'),
  max_nodes: nodeCount().default(100).describe('Maximum nodes of a run.'),
  spot: yesNo().default(false).describe('Use spot instances: cheaper, but AWS may reclaim them at any time.'),
  workers_per_node: whole(1, 1000).optional().describe('Workers per node. Default: one per vCPU.'),
  region: nameOfRegion().optional().describe('AWS region. Default: the one in the environment or in .env.'),
  tags: tags(tag(), tagText())
    .default({})
    .describe('Tags for everything that is created on AWS, besides project and managedBy.'),
  budget_usd: dollars()
    .optional()
    .describe('Maximum cost of a run in US dollars: no new work starts that would exceed it.'),
  notify: recipient()
    .optional()
    .describe(
      "E-mail address or ARN of an SNS topic to notify of a run's end; allow the topic with gcd-sfn deploy --notify-topic ARN.",
    ),
  keep_images: yesNo()
    .default(true)
    .describe(
      'Images are kept until `gcd-sfn cleanup --all`, so that the next run starts faster; `false` has no effect.',
    ),
  bastion: yesNo()
    .default(true)
    .describe(
      'Create a bastion, a small machine beside the cluster for gcd-sfn debug; it is stopped between runs. `false`: none.',
    ),
  pod: podPatch()
    .default({})
    .describe("Merged into each worker's Kubernetes pod: node selector, tolerations, resources, …"),
};
