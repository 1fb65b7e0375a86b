/** Notifications of a run's end. */
import type { Notify } from '../../core/config/config.ts';

export interface Message {
  /** One line, at most 100 characters. */
  subject: string;
  text: string;
}

export interface Notifier {
  /**
   * Subscribes a mail address, which AWS asks to confirm. No effect if it is subscribed or pending, and for a topic.
   * @returns whether AWS has now asked for a confirmation
   * @throws AccessDenied, NotFound, Unreachable
   */
  invite(to: Notify): Promise<boolean>;
  /** @throws AccessDenied, NotFound, Unreachable */
  send(to: Notify, message: Message): Promise<void>;
}
