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

/** Wrong use or wrong input: exit code 2. */
abstract class InputError extends GcdError {
  readonly exitCode = ExitCode.usage;
}

/** The machine or AWS does not provide what a run needs: exit code 3. */
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
/** The named run does not exist. */
export class RunNotFound extends InputError {}
/** A run's request cannot be read or is invalid: the message names the keys. */
export class RequestInvalid extends InputError {}
/** Another process works on the run. */
export class RunLocked extends InputError {}
/** Another execution of this run, or of this scheduled time, has already started: this one has nothing to do. */
export class AlreadyStarted extends InputError {}
/** Something of that name exists that gcd-sfn did not create, and therefore does not touch. */
export class NotOurs extends InputError {}
/** A running run uses what is to be changed or removed. */
export class InUse extends InputError {}
/** The request exceeds a limit of the stack: the message names the parameter. */
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
/** AWS has no capacity for this instance type now. */
export class CapacityUnavailable extends EnvironmentError {}
/** A step has to wait: the message says for what. The state machines retry on this name. */
export class Pending extends EnvironmentError {}
/** Something was not ready within its timeout. */
export class TookTooLong extends EnvironmentError {}
/** Program and stack, or program and run, have incompatible versions. */
export class VersionMismatch extends EnvironmentError {}
/** A clean-up left something behind; the message lists it. */
export class Remains extends EnvironmentError {}
/** CloudFormation could not create, update or delete the stack. */
export class DeployFailed extends EnvironmentError {}
/** A key, a file or a resource does not exist. */
export class NotFound extends EnvironmentError {}
/** An if-absent write found an existing object. */
export class AlreadyThere extends EnvironmentError {}
/** Not allowed: the message names the action and the resource, `hint` the missing permission. */
export class AccessDenied extends EnvironmentError {}
/** A service throttled a request, also after several retries. */
export class Throttled extends EnvironmentError {}
/** The disk, the network or a service failed, or there are no valid credentials for it. */
export class Unreachable extends EnvironmentError {}
/** The run was stopped: not a failure. */
export class RunInterrupted extends GcdError {
  readonly exitCode = ExitCode.interrupted;
}

/** Name and message of a thrown value, for events and records. */
export function describeError(error: unknown): { name: string; message: string } {
  return error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: 'Error', message: String(error) };
}
