/**
 * Every error that a user or a state machine can meet. The class name is what `ErrorEquals` in the
 * definition names, so it is part of the product's interface.
 */

/** Exit codes of the command line, as the README documents them. */
export const ExitCode = { done: 0, tasksFailed: 1, usage: 2, environment: 3, interrupted: 130 } as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** An error with an explanation for a person: shown without a stack trace. */
export abstract class GcdError extends Error {
  abstract readonly exitCode: ExitCode;
  /** How to fix it, in a sentence or some lines; shown below the message. */
  readonly hint: string | undefined;

  constructor(message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.hint = options.hint;
  }
}

/** The user asked for something that cannot be: exit code 2. */
abstract class InputError extends GcdError {
  readonly exitCode = ExitCode.usage;
}

/** The machine or the cloud does not give what a run needs: exit code 3. */
abstract class EnvironmentError extends GcdError {
  readonly exitCode = ExitCode.environment;
}

/** A wrong option or a wrong combination of options. */
export class UsageError extends InputError {}
/** The project folder is missing, or has no `entrypoint.py`, or the like. */
export class ProjectInvalid extends InputError {}
/** `config.yaml` has mistakes; the message lists each with line and column. */
export class ConfigInvalid extends InputError {}
/** No file matches, or none of the files has a matching column. */
export class NothingToDo extends InputError {}
/** A run that was named is not there. */
export class RunNotFound extends InputError {}
/** What a run was asked to do cannot be read, or is not what a run can be asked: the message names the keys. */
export class RequestInvalid extends InputError {}
/** Another process works on the run. */
export class RunLocked extends InputError {}
/** An execution of this run, or of this time of a schedule, has begun already: this one has nothing to do. */
export class AlreadyStarted extends InputError {}
/** Something of that name is there that gcd-sfn did not make, and therefore leaves alone. */
export class NotOurs extends InputError {}
/** What is to be changed or removed is used by a run that is going on. */
export class InUse extends InputError {}
/** The stack has a limit below what is asked for: the message names its parameter. */
export class LimitExceeded extends InputError {}
/** `budget_usd` does not last until the first task. */
export class BudgetExceeded extends InputError {}
/** No Python that can run the project. */
export class PythonUnsuitable extends InputError {}
/** The project's packages could not be installed. */
export class InstallFailed extends EnvironmentError {}
/** Workers could not be started, or kept dying before a task ran. */
export class WorkersFailed extends EnvironmentError {}
/** The container image could not be built. */
export class ImageFailed extends EnvironmentError {}
/** The account's quota does not allow what a run needs. */
export class QuotaExceeded extends EnvironmentError {}
/** AWS has no machines of this type to give now. */
export class CapacityUnavailable extends EnvironmentError {}
/** A step has to wait, and is asked again: the message says for what. The definitions' Retry knows it by its name. */
export class Pending extends EnvironmentError {}
/** Something was not ready in the time that it is given. */
export class TookTooLong extends EnvironmentError {}
/** Program and stack, or program and run, are of versions that do not work with each other. */
export class VersionMismatch extends EnvironmentError {}
/** After a clean-up there is still something; the message lists it. */
export class Remains extends EnvironmentError {}
/** CloudFormation could not make, change or remove the stack. */
export class DeployFailed extends EnvironmentError {}
/** A key or a file is not there. */
export class NotFound extends EnvironmentError {}
/** An if-absent write met something that was there. */
export class AlreadyThere extends EnvironmentError {}
/** Not allowed: the message names the action and what it was for, `hint` the permission that is missing. */
export class AccessDenied extends EnvironmentError {}
/** A service asks for fewer requests, and went on to after several tries. */
export class Throttled extends EnvironmentError {}
/** The disk, the network or the service did not do what was asked; also when there are no valid credentials for it. */
export class Unreachable extends EnvironmentError {}
/** The run was told to stop: not a failure. */
export class RunInterrupted extends GcdError {
  readonly exitCode = ExitCode.interrupted;
}

/** Name and message of whatever was thrown, for events and records. */
export function describeError(error: unknown): { name: string; message: string } {
  return error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: 'Error', message: String(error) };
}
