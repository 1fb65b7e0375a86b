/** The keys that the predecessor did not have. All are optional. */
import * as z from 'zod';
import { podFaults } from '../../ports/pod-fields.ts';
import {
  disk,
  dollars,
  matching,
  memory,
  seconds,
  tag,
  tags,
  tagText,
  text,
  texts,
  whole,
  yesNo,
} from './fields.ts';

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
  max_output_bytes: disk()
    .default('1Gi')
    .describe(
      'Most that the files may be together which a task leaves in its working directory as its output, such as 500Mi. A task that leaves more fails.',
    ),
  data_cache: disk()
    .optional()
    .describe(
      'Most disk that data files fetched from S3 may take on a machine, such as 20Gi. Without it: 10Gi, or a quarter of what is free.',
    ),
  python: text()
    .optional()
    .describe('Python to run the project with: a version such as "3.11", a command, or a path.'),
  env: texts(
    matching(
      /^[A-Za-z_][A-Za-z0-9_]*$/,
      'is not a name for an environment variable: use letters, digits and _',
    ),
    'must be a mapping of names to texts',
  )
    .default({})
    .describe('Environment variables for your code.'),
};

export const clusterKeys = {
  instance_type: matching(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, 'must be an EC2 instance type, such as m6i.large')
    .default('m6i.large')
    .describe('EC2 instance type of the nodes.'),
  max_nodes: whole(1, 1000).default(100).describe('Most nodes that a run may use.'),
  spot: yesNo()
    .default(false)
    .describe('Use spot instances: cheaper, and AWS may take them back at any time.'),
  workers_per_node: whole(1, 1000).optional().describe('Workers on a node. Without it: one per vCPU.'),
  region: matching(/^[a-z]{2,}(?:-[a-z]+)+-\d$/, 'must be an AWS region, such as us-west-2')
    .optional()
    .describe('AWS region. Without it: the one of the environment or of .env.'),
  tags: tags(tag(), tagText())
    .default({})
    .describe('Tags for everything that is made on AWS, beside project and managedBy.'),
  budget_usd: dollars()
    .optional()
    .describe('No more work is handed out before a run would cost more than this, in US dollars.'),
  notify: matching(
    /^(?:[^\s@:]+@[^\s@]+\.[^\s@]+|arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256})$/,
    'must be an e-mail address or the ARN of an SNS topic',
  )
    .optional()
    .describe("E-mail address or ARN of an SNS topic that hears of a run's end."),
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
  pod: z
    .record(z.string(), z.unknown(), 'must be a mapping, as in a Kubernetes pod')
    .superRefine((pod, context) => {
      for (const { path, message } of podFaults(pod)) context.addIssue({ code: 'custom', path, message });
    })
    .default({})
    .describe('Merged into the Kubernetes pod of each worker: node selector, tolerations, resources, …'),
};
