import type { Notify } from '../../../ports/config.ts';
import type { Message, Notifier } from '../../../ports/notifier.ts';
import type { MemoryAccount } from './account.ts';

/** Keeps what was sent. */
export class MemoryNotifier implements Notifier {
  readonly #account: MemoryAccount;

  constructor(account: MemoryAccount) {
    this.#account = account;
  }

  async send(to: Notify, message: Message): Promise<void> {
    this.#account.allow('notifier.send');
    this.#account.sent.push({ ...message, to: to.kind === 'email' ? to.address : to.arn });
  }
}
