import { AlreadyThere } from '../../../core/errors/errors.ts';
import type { Schedule, Schedules } from '../../../ports/account/schedules.ts';
import type { MemoryAccount } from './account.ts';

/** Schedules in memory; none of them ever fires. */
export class MemorySchedules implements Schedules {
  readonly #account: MemoryAccount;

  constructor(account: MemoryAccount) {
    this.#account = account;
  }

  async list(): Promise<Schedule[]> {
    return [...this.#account.schedules.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async find(name: string): Promise<Schedule | undefined> {
    return this.#account.schedules.get(name);
  }

  async create(schedule: Schedule): Promise<void> {
    this.#account.allow('schedules.create');
    const { schedules } = this.#account;
    if (schedules.has(schedule.name)) throw new AlreadyThere(`there is a schedule ${schedule.name} already`);
    schedules.set(schedule.name, { ...schedule });
  }

  async remove(name: string): Promise<void> {
    this.#account.schedules.delete(name);
  }
}
