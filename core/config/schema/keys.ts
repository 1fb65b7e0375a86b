/** The keys that the predecessor did not have. All are optional. */
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
    .describe('The readers of data_bucket pay for its requests and transfers; without this S3 refuses them.'),
  data_unsigned: yesNo()
    .default(false)
    .describe(
      'Read data_bucket without credentials: it is public. Where there are none it is read so anyway.',
    ),
  endpoint_url: endpoint()
    .optional()
    .describe(
      "URL of the service that has data_bucket, where it is not AWS's: MinIO, Ceph and others that speak S3's protocol. For runs on this machine.",
    ),
};

/** Where the names of a table's columns are; nothing of it is needed for most files. */
export const tableFields = z
  .strictObject(
    {
      header: tableHeader()
        .default('auto')
        .describe(
          'Line with the names of the columns, 1 is the first of the file; none: the file has none, its columns are 0, 1, 2, …',
        ),
      comment: tableComment()
        .default('auto')
        .describe('What lines begin with that are passed over, such as "#"; none: no lines are.'),
      delimiter: matching(
        /^(?:auto|comma|semicolon|tab|pipe|blanks|[^\w"\r\n])$/,
        'must be auto, comma, semicolon, tab, pipe, blanks, or a character in quotes',
      )
        .default('auto')
        .describe(
          'What stands between cells: comma, semicolon, tab, pipe, blanks, or a character in quotes.',
        ),
      encoding: tableEncoding()
        .default('auto')
        .describe('How the files are encoded, as Python calls it: utf-8, utf-16, cp1252, shift_jis, …'),
    },
    'must be a mapping such as "table:" with "  header: 3" in the next line',
  )
  .prefault({})
  .describe(
    'Where the names of the columns are, in files where that is not found out. start --dry-run and validate show what is.',
  );

export const tableKeys = { table: tableFields };

export const taskKeys = {
  task_timeout: seconds(604_800)
    .optional()
    .describe('Seconds after which a task is ended and counts as failed. Without it: never.'),
  max_attempts: whole(1, 100)
    .default(3)
    .describe('How often a task is tried that crashes, overruns task_timeout or loses its node.'),
  retry_exceptions: z
    .union([z.boolean(), whole(1, 100)], retries)
    .default(false)
    .describe(
      'How often a task is tried whose code raises an exception: a number of attempts; false means 1, true means max_attempts.',
    ),
  memory_per_worker: memory()
    .optional()
    .describe(
      'Memory that one worker may use, such as 512Mi or 2Gi. Without it: no limit here, an equal share of the node on a cluster.',
    ),
  keep_output: yesNo()
    .default(false)
    .describe('Keep what each task prints, not only what failed tasks print.'),
  max_output_bytes: disk()
    .default('1Gi')
    .describe(
      'Most that the files may be together which a task leaves in its working directory as its output, such as 500Mi. A task that leaves more fails.',
    ),
  identity_columns: yesNo()
    .default(true)
    .describe(
      'results.csv begins with `file_name`, `column_name` and `task_id`, and with `row` where a task returns several rows; `false`: it has your own columns only.',
    ),
  data_cache: disk()
    .optional()
    .describe(
      'Most disk that data files fetched from S3 may take on a machine, such as 20Gi. Without it: 10Gi, or a quarter of what is free.',
    ),
  python: text()
    .optional()
    .describe('Python to run the project with: a version such as "3.11", a command, or a path.'),
  env: environment()
    .default({})
    .describe(
      'Environment variables for your code. Numerical libraries (`OMP_NUM_THREADS` and others) start as many threads as a worker has cores, and matplotlib draws without a display (`MPLBACKEND=Agg`), unless they are set here; `gcd-sfn doctor --project DIR` shows it.',
    ),
};

export const clusterKeys = {
  follow_links: oneOrMore(linkInside(), 'must be the path of a link, or a list of paths')
    .optional()
    .describe(
      'Links that may lead out of the project folder: what they lead to is taken into the image. Without it, such a link is refused.',
    ),
  instance_type: typeOfInstance().default('m6i.large').describe('EC2 instance type of the nodes.'),
  max_nodes: nodeCount().default(100).describe('Most nodes that a run may use.'),
  spot: yesNo()
    .default(false)
    .describe('Use spot instances: cheaper, and AWS may take them back at any time.'),
  workers_per_node: whole(1, 1000).optional().describe('Workers on a node. Without it: one per vCPU.'),
  region: nameOfRegion()
    .optional()
    .describe('AWS region. Without it: the one of the environment or of .env.'),
  tags: tags(tag(), tagText())
    .default({})
    .describe('Tags for everything that is made on AWS, beside project and managedBy.'),
  budget_usd: dollars()
    .optional()
    .describe('No more work is handed out before a run would cost more than this, in US dollars.'),
  notify: recipient()
    .optional()
    .describe(
      "E-mail address or ARN of an SNS topic that hears of a run's end; the topic is one that gcd-sfn deploy --notify-topic ARN named.",
    ),
  keep_images: yesNo()
    .default(true)
    .describe(
      'Images are kept, so that the next run starts at once, until `gcd-sfn cleanup --all`; `false` changes nothing.',
    ),
  bastion: yesNo()
    .default(true)
    .describe(
      'A small machine beside the cluster, from which gcd-sfn debug starts; it is stopped between runs. `false`: none is made.',
    ),
  pod: podPatch()
    .default({})
    .describe('Merged into the Kubernetes pod of each worker: node selector, tolerations, resources, …'),
};
