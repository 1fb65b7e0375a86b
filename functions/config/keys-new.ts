/** The keys that the predecessor did not have. All are optional. */
import * as z from 'zod';
import {
  disk,
  dollars,
  environment,
  memory,
  nodeCount,
  podPatch,
  recipient,
  seconds,
  tag,
  tags,
  tagText,
  text,
  whole,
  yesNo,
} from '../../ports/fields.ts';
import { nameOfRegion, typeOfInstance } from '../../ports/names.ts';

const retries = 'must be true, false, or a whole number of attempts from 1 to 100';

export const bucketKeys = {
  data_requester_pays: yesNo()
    .default(false)
    .describe('The readers of data_bucket pay for its requests and transfers; without this S3 refuses them.'),
  data_unsigned: yesNo().default(false).describe('Read data_bucket without credentials: it is public.'),
};

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
  data_cache: disk()
    .optional()
    .describe(
      'Most disk that data files fetched from S3 may take on a machine, such as 20Gi. Without it: 10Gi, or a quarter of what is free.',
    ),
  python: text()
    .optional()
    .describe('Python to run the project with: a version such as "3.11", a command, or a path.'),
  env: environment().default({}).describe('Environment variables for your code.'),
};

export const clusterKeys = {
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
  notify: recipient().optional().describe("E-mail address or ARN of an SNS topic that hears of a run's end."),
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
