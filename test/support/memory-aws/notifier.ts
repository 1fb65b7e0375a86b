import type { Notify } from '../../../core/config/config.ts';
import type { Message, Notifier } from '../../../ports/account/notifier.ts';
import type { MemoryAccount } from './account.ts';

/** Keeps what was sent, and whom it asked; whoever is asked says yes. */
export class MemoryNotifier implements Notifier {
  readonly #account: MemoryAccount;

  constructor(account: MemoryAccount) {
    this.#account = account;
  }

  async invite(to: Notify): Promise<boolean> {
    this.#account.allow('notifier.invite');
    const { invited } = this.#account;
    if (to.kind === 'topic' || invited.includes(to.address)) return false;
    invited.push(to.address);
    return true;
  }

  async send(to: Notify, message: Message): Promise<void> {
    this.#account.allow('notifier.send');
    this.#account.sent.push({ ...message, to: to.kind === 'email' ? to.address : to.arn });
  }
}
