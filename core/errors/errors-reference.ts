/** What a user can know of each error: the source of docs/errors.md. A class without an entry does not compile. */
import type * as errors from './errors.ts';
import type { ExitCode } from './errors.ts';

type Exported = typeof errors;

/** Names of the classes that can be thrown. */
export type ErrorName = {
  [Name in keyof Exported]: Exported[Name] extends new (message: string) => errors.GcdError ? Name : never;
}[keyof Exported];

export interface ErrorReference {
  cause: string;
  /** How its messages begin or what they say; … stands for what differs. */
  messages: string[];
  hint: string;
}

export const errorsReference: Record<ErrorName, ErrorReference> = {
  UsageError: {
    cause: 'An option, or a combination of options, that cannot be.',
    messages: [
      '-n and -f cannot be given together',
      'there is no cluster … in …',
      "the data is in a folder of your machine: … are not in the stack's bucket",
      '… changes while it is copied',
      "there is a run '…' already",
      "there is a run '…' in stack … already",
      "there is no template '…'",
    ],
    hint: 'Look at the help of the command: `gcd-sfn start --help`.',
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
    hint: 'Name the folder with `--project`, or make one with `gcd-sfn init`. `gcd-sfn validate` shows everything at once.',
  },
  ConfigInvalid: {
    cause: 'config.yaml has mistakes: each with its line and column.',
    messages: ['… is not a key of …: …', 'this is not YAML: …'],
    hint: 'Correct the lines that are named. [config.md](config.md) has every key; editors complete and check them.',
  },
  NothingToDo: {
    cause:
      'The data is not where config.yaml says, no file matches, or none of the files has a column that does.',
    messages: [
      'the place that data_bucket names is not there: …',
      "no file in … matches file_pattern '…'",
      'no column to process: in … none matches process_column_keywords …',
    ],
    hint: 'Correct `data_bucket`, `file_pattern` or `process_column_keywords`; what is there is shown with the error.',
  },
  RunNotFound: {
    cause: 'There is no run of that name in the project, or none at all.',
    messages: ["there is no run '…' in …", 'there is no run in …'],
    hint: 'Take one of the names that are shown, or another `--project`.',
  },
  RequestInvalid: {
    cause:
      "A run's request, `request.json` in the bucket or the project, is damaged, of another version, or was forged.",
    messages: ['the request of … cannot be used: …', 'the run in … is damaged: …'],
    hint: 'Nothing was made. Start another run; the version that wrote it can read it.',
  },
  RunLocked: {
    cause: 'Another process, or an execution on AWS, works on the run.',
    messages: [
      'another process works on run …: pid … on …',
      'run … is going on: execution …',
      'what execution … of run … has left is being cleaned up',
    ],
    hint: 'Wait until it is through, or stop it: gcd-sfn stop …',
  },
  PythonUnsuitable: {
    cause:
      'There is no Python that can run the project: none at all, too old, or not the one that config.yaml names.',
    messages: [
      'no Python on this machine',
      'no Python … on this machine; found: …',
      'Python … is too old: … is required',
    ],
    hint: 'Install one, or change `python` in config.yaml. `gcd-sfn doctor` shows those that are there.',
  },
  InstallFailed: {
    cause: 'The packages in requirements.txt could not be installed.',
    messages: [
      'requirements.txt: …',
      '… cannot create virtual environments: its modules venv and ensurepip are missing',
      'the cache folder cannot be written: …',
    ],
    hint: 'The error says what pip said and what to do about it; the whole output is in the file that it names.',
  },
  WorkersFailed: {
    cause: 'Worker processes kept dying before a task ran.',
    messages: ['a worker died … times in a row: …'],
    hint: 'Look at what it says; often memory or a library that the system lacks. Then `gcd-sfn resume`.',
  },
  NotFound: {
    cause: 'A bucket, a file or the stack is not there, or not any more.',
    messages: [
      'there is no bucket …',
      'there is no …',
      'there is no stack … in …',
      "the copied data of project … is not in the stack's bucket any more",
      'stack … in … is not whole, or of another version: it has no …',
    ],
    hint: 'Correct `data_bucket` in config.yaml; `aws s3 ls` shows your buckets. For the stack: `gcd-sfn deploy`.',
  },
  AlreadyThere: {
    cause: 'Something was to be written that is there already: two processes work on the same run.',
    messages: ['there is a … already'],
    hint: 'See whether another gcd-sfn works on the project; then `gcd-sfn resume`.',
  },
  AccessDenied: {
    cause: 'The system or AWS does not allow it.',
    messages: ['not allowed: … on …', 'not allowed: …: …', '… is archived and cannot be read as it is'],
    hint: 'For AWS, the error shows the permission that is missing; for a folder, see that it belongs to you.',
  },
  Throttled: {
    cause: 'AWS asks for fewer requests, and went on to after several tries.',
    messages: ['AWS asks for fewer requests: …'],
    hint: 'Try again later: `gcd-sfn resume` goes on where it was.',
  },
  Unreachable: {
    cause: 'The disk, the network or AWS does not do what was asked, or there are no valid credentials.',
    messages: [
      'AWS does not take the credentials, or there are none …',
      'bucket … is in another region',
      'the disk is full: … could not be written',
      '… cannot be reached (…): …',
    ],
    hint: 'Give credentials, write `region` into config.yaml, check the network or free some disk; then `gcd-sfn resume`.',
  },
  AlreadyStarted: {
    cause: 'A time of a schedule was delivered twice: another execution has the run.',
    messages: ['run … was begun by execution …'],
    hint: 'Nothing is to be done: the run goes on.',
  },
  NotOurs: {
    cause: 'There is a cluster or a stack of that name that gcd-sfn did not make, and leaves alone.',
    messages: [
      'there is a cluster … that gcd-sfn did not make',
      'there is a stack … in … that gcd-sfn did not make',
    ],
    hint: 'Take another name with `--cluster`, or with `--stack`.',
  },
  InUse: {
    cause: 'What is to be changed or removed is used by a run that is going on.',
    messages: [
      'run … is going on on cluster …',
      'execution … of the run is going on',
      'execution … is running',
    ],
    hint: 'Wait for its end, or end it.',
  },
  LimitExceeded: {
    cause:
      'Whoever deployed the stack has set a limit below what is asked for: of nodes, of disk, or which instance types may be.',
    messages: ['…: the stack does not allow that, its … is …'],
    hint: 'Ask for less, or have the limit raised: [settings of the stack](aws.md#settings-of-the-stack).',
  },
  BudgetExceeded: {
    cause: 'What is left of `budget_usd` does not last until the first task.',
    messages: ['budget_usd … does not last: … were spent before, and … nodes cost …'],
    hint: 'Raise `budget_usd` in config.yaml, or take fewer nodes.',
  },
  ImageFailed: {
    cause: 'The container image of the project could not be built.',
    messages: ['the container image of the project could not be built: …'],
    hint: "The build's last lines are shown: hint Dockerfile or requirements.txt.",
  },
  QuotaExceeded: {
    cause: "The account's quota does not allow what a run needs; new accounts begin with small ones.",
    messages: ['CodeBuild does not build the container image: …'],
    hint: 'Ask for a higher quota in the Service Quotas console, or take a smaller `instance_type` or `max_nodes`.',
  },
  CapacityUnavailable: {
    cause: 'AWS has no machines of this type to give now.',
    messages: ['no node was ready after … s: …'],
    hint: 'Try again later, or another `instance_type`, or `spot: false`.',
  },
  Pending: {
    cause: 'A step of a run on AWS has to wait, and is asked again: no failure, as long as it is.',
    messages: [],
    hint: 'Nothing is to be done: the AWS console shows what the step waits for.',
  },
  TookTooLong: {
    cause: 'Something in the cloud was not ready in the time that it is given.',
    messages: [],
    hint: 'What was waited for is shown; starting the run again goes on from there.',
  },
  Remains: {
    cause: 'After a clean-up, AWS still has something that costs.',
    messages: ['after the clean-up there is still: …'],
    hint: 'Clean up again; what does not go, the AWS console shows by the names in the message.',
  },
  VersionMismatch: {
    cause: 'The program, the stack or the image of a run is of a version that does not work with the others.',
    messages: [
      'stack … in … is of version …, and this is gcd-sfn …',
      'stack … in … was made before version …, and this is gcd-sfn …',
      'the stack is of version …, and this is gcd-sfn …, which is older',
      'run … was begun by gcd-sfn …, whose worker its image has, and this is …',
      'run … was asked for by gcd-sfn …, and the stack is of version …',
    ],
    hint: '`gcd-sfn deploy` brings the stack to the version of the program; `npx gcd-sfn@VERSION` is the program in the version of the stack. See docs/upgrade.md.',
  },
  DeployFailed: {
    cause: 'CloudFormation could not make, change or remove the stack.',
    messages: [
      'stack … could not be …: …',
      'CloudFormation refuses … of stack …: …',
      'stack … cannot become what is wanted: …',
      'stack … is stuck in …',
    ],
    hint: 'The message names the first resource that failed, and why. What a deploy had done is taken back, what `destroy` had removed stays removed: hint the cause, and run the command again.',
  },
  RunInterrupted: {
    cause: 'You pressed Ctrl-C before any task ran: not a failure.',
    messages: ['interrupted before any task ran'],
    hint: 'Start again. Once tasks have run, `gcd-sfn resume` goes on.',
  },
};

export const exitCodesReference: Record<keyof typeof ExitCode, string> = {
  done: 'done',
  tasksFailed: 'some tasks failed, or are not done',
  usage: 'wrong use or wrong input: nothing was run, nothing was written',
  environment: 'the environment: packages cannot be installed, the disk is full, workers die',
  interrupted: 'interrupted',
};
