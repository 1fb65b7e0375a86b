/** Tells somebody of a run's end. */
import type { Notify } from '../../core/config/config.ts';

export interface Message {
  /** One line, at most 100 characters. */
  subject: string;
  text: string;
}

export interface Notifier {
  /**
   * Has an address asked whether it wants to hear of runs, before the first message is for it; one that has said yes, or
   * has the question before it, is left alone. A topic is asked nothing.
   * @returns whether the question went out now
   * @throws AccessDenied, NotFound, Unreachable
   */
  invite(to: Notify): Promise<boolean>;
  /** @throws AccessDenied, NotFound, Unreachable */
  send(to: Notify, message: Message): Promise<void>;
}
