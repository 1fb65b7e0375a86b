/** Tells somebody of a run's end. */
import type { Notify } from './config.ts';

export interface Message {
  /** One line, at most 100 characters. */
  subject: string;
  text: string;
}

export interface Notifier {
  /** @throws AccessDenied, NotFound, Unreachable */
  send(to: Notify, message: Message): Promise<void>;
}
