/** Source of docs/errors.md. A class without an entry does not compile. */
import type * as errors from './errors.ts';
import type { ExitCode } from './errors.ts';

type Exported = typeof errors;

/** Names of the classes that can be thrown. */
export type ErrorName = {
  [Name in keyof Exported]: Exported[Name] extends new (message: string) => errors.GcdError ? Name : never;
}[keyof Exported];

export interface ErrorReference {
  cause: string;
  /** Its messages, or how they start; … stands for variable parts. */
  messages: string[];
  hint: string;
}

export const errorsReference: Record<ErrorName, ErrorReference> = {
  UsageError: {
    cause: 'An invalid option, or invalid combination of options.',
    messages: [
      '-n and -f cannot be given together',
      'there is no cluster … in …',
      "the data is in a folder of your machine: … are not in the stack's bucket",
      '… changes while it is copied',
      "a run '…' exists already",
      "run '…' exists already in stack …",
      "there is no template '…'",
    ],
    hint: 'See the help of the command: `gcd-sfn start --help`.',
  },
  ProjectInvalid: {
    cause:
      'The project folder, its config.yaml or its entrypoint.py is missing, or the function cannot be called.',
    messages: [
      'There is no config.yaml in …',
      'There is no folder …',
      '…, line …: … is missing in the project folder',
      '…, line …: not valid TOML: …',
    ],
    hint: 'Name the folder with `--project`, or create one with `gcd-sfn init`. `gcd-sfn validate` shows all problems at once.',
  },
  ConfigInvalid: {
    cause: 'config.yaml has mistakes; the message lists each with line and column.',
    messages: ['… is not a key of …: …', 'not valid YAML: …'],
    hint: 'Correct these lines. [config.md](config.md) documents every key; editors complete and check them.',
  },
  NothingToDo: {
    cause:
      'The data is not where config.yaml says, no file matches, or none of the files has a matching column.',
    messages: [
      'the place that data_bucket names is not there: …',
      "no file in … matches file_pattern '…'",
      'no column to process: in … none matches process_column_keywords …',
    ],
    hint: 'Correct `data_bucket`, `file_pattern` or `process_column_keywords`; the error shows what exists.',
  },
  RunNotFound: {
    cause: 'The project has no run of that name, or no run at all.',
    messages: ["no run '…' in …", 'no runs in …'],
    hint: 'Use one of the names in the message, or another `--project`.',
  },
  RequestInvalid: {
    cause:
      "A run's request, `request.json` in the bucket or the project, is damaged, has another version, or was forged.",
    messages: ['the request of … cannot be used: …', 'the run in … is damaged: …'],
    hint: 'Nothing was created. Start another run, or use the version that wrote the request.',
  },
  RunLocked: {
    cause: 'Another process, or an execution on AWS, works on the run.',
    messages: [
      'another process works on run …: pid … on …',
      'run … is running: execution …',
      'the clean-up after execution … of run … is running',
    ],
    hint: 'Wait until it has finished, or stop it: gcd-sfn stop …',
  },
  PythonUnsuitable: {
    cause:
      'No Python can run the project: none is installed, it is too old, or not the one that config.yaml names.',
    messages: [
      'no Python on this machine',
      'no Python … on this machine; found: …',
      'Python … is too old: … is required',
    ],
    hint: 'Install one, or change `python` in config.yaml. `gcd-sfn doctor` lists the installed ones.',
  },
  InstallFailed: {
    cause: 'The packages in requirements.txt could not be installed.',
    messages: [
      'requirements.txt: …',
      '… cannot create virtual environments: its modules venv and ensurepip are missing',
      'the cache folder cannot be written: …',
    ],
    hint: "The error shows pip's message and how to fix it, and names the file with the complete output.",
  },
  WorkersFailed: {
    cause: 'Worker processes kept dying before a task ran.',
    messages: [
      'a worker died … times in a row: …',
      'a worker needed more memory than memory_per_worker allows',
      'Kubernetes refuses to create workers: …',
    ],
    hint: 'See the message; often memory, a system library, or what `pod` in config.yaml names is missing. Then `gcd-sfn resume`.',
  },
  NotFound: {
    cause: 'A bucket, a file or the stack does not exist, or was deleted.',
    messages: [
      'there is no bucket …',
      'there is no …',
      'there is no stack … in …',
      "the copied data of project … is no longer in the stack's bucket",
      'stack … in … is incomplete, or of another version: it lacks …',
    ],
    hint: 'Correct `data_bucket` in config.yaml; `aws s3 ls` shows your buckets. For the stack: `gcd-sfn deploy`.',
  },
  AlreadyThere: {
    cause: 'Something that was to be written exists already: two processes work on the same run.',
    messages: ['there is a … already'],
    hint: 'Check whether another gcd-sfn works on the project; then `gcd-sfn resume`.',
  },
  AccessDenied: {
    cause: 'The system or AWS does not allow it.',
    messages: ['not allowed: … on …', 'not allowed: …: …', '… is archived and cannot be read as it is'],
    hint: 'For AWS, the error names the missing permission; for a folder, make sure that you own it.',
  },
  Throttled: {
    cause: 'AWS throttled a request, also after several retries.',
    messages: ['AWS asks for fewer requests: …'],
    hint: 'Try again later: `gcd-sfn resume` continues.',
  },
  Unreachable: {
    cause: 'The disk, the network or AWS failed, or there are no valid credentials.',
    messages: [
      'AWS does not take the credentials, or there are none …',
      'bucket … is in another region',
      'the disk is full: … could not be written',
      '… cannot be reached (…): …',
    ],
    hint: 'Give credentials, write `region` into config.yaml, check the network or free some disk; then `gcd-sfn resume`.',
  },
  AlreadyStarted: {
    cause: 'A scheduled time was delivered twice: another execution has the run.',
    messages: ['run … was begun by execution …'],
    hint: 'Nothing to do: the run continues.',
  },
  NotOurs: {
    cause: 'A cluster or a stack of that name exists that gcd-sfn did not create; it is not touched.',
    messages: [
      'cluster … exists, and was not created by gcd-sfn',
      'there is a stack … in … that gcd-sfn did not make',
    ],
    hint: 'Use another name with `--cluster`, or with `--stack`.',
  },
  InUse: {
    cause: 'A running run uses what is to be changed or removed.',
    messages: ['run … is using cluster …', 'execution … of the run is running', 'execution … is running'],
    hint: 'Wait for its end, or stop it.',
  },
  LimitExceeded: {
    cause:
      'The stack has a lower limit than requested: of nodes, of disk, or of instance types. Whoever deployed it set the limit.',
    messages: ['…: the stack does not allow that, its … is …'],
    hint: 'Request less, or have the limit raised: [settings of the stack](aws.md#settings-of-the-stack).',
  },
  BudgetExceeded: {
    cause: 'The rest of `budget_usd` does not last until the first task.',
    messages: ['budget_usd … does not last: … were spent before, and … nodes cost …'],
    hint: 'Raise `budget_usd` in config.yaml, or use fewer nodes.',
  },
  ImageFailed: {
    cause: 'The container image of the project could not be built.',
    messages: ['the container image of the project could not be built: …'],
    hint: "The error shows the build's last lines: fix Dockerfile or requirements.txt.",
  },
  QuotaExceeded: {
    cause: "The account's quota is too small for the run; new accounts start with small quotas.",
    messages: ['CodeBuild rejected the build of the container image: …'],
    hint: 'Request a higher quota in the Service Quotas console, or use a smaller `instance_type` or `max_nodes`.',
  },
  CapacityUnavailable: {
    cause: 'AWS has no capacity for this instance type now.',
    messages: ['no node was ready after … s: …'],
    hint: 'Try again later, or another `instance_type`, or `spot: false`.',
  },
  Pending: {
    cause: 'A step of a run on AWS has to wait and is retried. Not a failure.',
    messages: [],
    hint: 'Nothing to do: the AWS console shows what the step waits for.',
  },
  TookTooLong: {
    cause: 'Something on AWS was not ready within its timeout.',
    messages: [],
    hint: 'The message says what was not ready; starting the run again continues from there.',
  },
  Remains: {
    cause: 'After a clean-up, something that costs money still exists on AWS.',
    messages: ['the clean-up left: …'],
    hint: 'Clean up again; what cannot be removed is in the AWS console under the names in the message.',
  },
  VersionMismatch: {
    cause: 'Program, stack and image of a run have versions that do not work together.',
    messages: [
      'stack … in … has version …, and this is gcd-sfn …',
      'stack … in … is older than version …, and this is gcd-sfn …',
      'the stack has version …, and this is gcd-sfn …, which is older',
      'run … was started by gcd-sfn …, whose worker is in its image, and this is …',
      'run … was requested by gcd-sfn …, and the stack has version …',
    ],
    hint: "`gcd-sfn deploy` updates the stack to the program's version; `npx gcd-sfn@VERSION` runs the program in the stack's version. See docs/upgrade.md.",
  },
  DeployFailed: {
    cause: 'CloudFormation could not create, update or delete the stack.',
    messages: [
      'stack … could not be …: …',
      'CloudFormation refuses … of stack …: …',
      'stack … cannot be updated: …',
      'stack … is stuck in …',
    ],
    hint: 'The message names the first resource that failed, and why. A failed deploy is rolled back; what `destroy` removed stays removed. Fix the cause, and run the command again.',
  },
  RunInterrupted: {
    cause: 'You pressed Ctrl-C before any task ran: not a failure.',
    messages: ['interrupted before any task ran'],
    hint: 'Start again. Once tasks have run, `gcd-sfn resume` continues.',
  },
};

export const exitCodesReference: Record<keyof typeof ExitCode, string> = {
  done: 'done',
  tasksFailed: 'some tasks failed or are not done',
  usage: 'wrong use or wrong input: nothing was run, nothing was written',
  environment: 'a problem of the environment: packages cannot be installed, the disk is full, workers die',
  interrupted: 'interrupted',
};
