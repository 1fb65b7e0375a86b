/** How the API server says no. */
import { qualified, type Resource } from './resources.ts';

export class Failure extends Error {
  readonly code: number;
  readonly reason: string;

  constructor(code: number, reason: string, message: string) {
    super(message);
    this.code = code;
    this.reason = reason;
  }

  /** The `Status` that is answered. */
  get status() {
    const { code, reason, message } = this;
    return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
  }
}

export const notFound = (resource: Resource, name: string) =>
  new Failure(404, 'NotFound', `${qualified(resource)} "${name}" not found`);
export const alreadyExists = (resource: Resource, name: string, isGoing: boolean) =>
  new Failure(
    409,
    'AlreadyExists',
    `${isGoing ? 'object is being deleted: ' : ''}${qualified(resource)} "${name}" already exists`,
  );
export const conflict = (resource: Resource, name: string) =>
  new Failure(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(resource)} "${name}": the object has been modified; please apply your changes to the latest version and try again`,
  );
export const badRequest = (message: string) => new Failure(400, 'BadRequest', message);
export const invalid = ({ kind, group }: Resource, name: string, causes: string[]) =>
  new Failure(
    422,
    'Invalid',
    `${kind}${group ? `.${group}` : ''} "${name}" is invalid: ${causes.length > 1 ? `[${causes.join(', ')}]` : causes[0]}`,
  );
