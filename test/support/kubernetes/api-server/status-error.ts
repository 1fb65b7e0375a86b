/** Refusals of the API server. */
import { qualified, type Resource } from './resources.ts';

export class StatusError extends Error {
  readonly code: number;
  readonly reason: string;

  constructor(code: number, reason: string, message: string) {
    super(message);
    this.code = code;
    this.reason = reason;
  }

  /** The answer's `Status` object. */
  get status() {
    const { code, reason, message } = this;
    return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
  }
}

export const notFound = (resource: Resource, name: string) =>
  new StatusError(404, 'NotFound', `${qualified(resource)} "${name}" not found`);
export const alreadyExists = (resource: Resource, name: string, isDeleting: boolean) =>
  new StatusError(
    409,
    'AlreadyExists',
    `${isDeleting ? 'object is being deleted: ' : ''}${qualified(resource)} "${name}" already exists`,
  );
export const conflict = (resource: Resource, name: string) =>
  new StatusError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(resource)} "${name}": the object has been modified; please apply your changes to the latest version and try again`,
  );
export const badRequest = (message: string) => new StatusError(400, 'BadRequest', message);
export const invalid = ({ kind, group }: Resource, name: string, causes: string[]) =>
  new StatusError(
    422,
    'Invalid',
    `${kind}${group ? `.${group}` : ''} "${name}" is invalid: ${causes.length > 1 ? `[${causes.join(', ')}]` : causes[0]}`,
  );
