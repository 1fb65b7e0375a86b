import { AlreadyThere } from '../../../core/errors/errors.ts';
import type { Execution, Executions } from '../../../ports/account/executions.ts';
import type { MemoryAccount } from './account.ts';

/** Executions in memory: they run until somebody says how they ended. */
export class MemoryExecutions implements Executions {
  readonly #account: MemoryAccount;

  constructor(account: MemoryAccount) {
    this.#account = account;
  }

  async find(name: string): Promise<Execution | undefined> {
    const found = this.#account.executions.get(name);
    return found && { name, run: found.run, state: found.state };
  }

  async running(of: 'run' | 'cleanup' = 'run'): Promise<Execution[]> {
    const all = [...this.#account.executions.values()];
    const found = all.filter(({ machine, state }) => machine === of && state === 'running');
    return found.map(({ name, run, state }) => ({ name, run, state }));
  }

  async start(machine: 'run' | 'cleanup', name: string, input: Record<string, unknown>): Promise<void> {
    this.#account.allow('executions.start');
    const { executions } = this.#account;
    if (executions.has(name)) throw new AlreadyThere(`there was an execution ${name} already`);
    const run = typeof input.run === 'string' ? input.run : null;
    executions.set(name, { name, run, state: 'running', machine, input });
  }

  async stop(name: string): Promise<void> {
    this.end(name, 'aborted');
  }

  /** For tests: how an execution ended. */
  end(name: string, state: Exclude<Execution['state'], 'running'>): void {
    const found = this.#account.executions.get(name);
    if (found?.state === 'running') found.state = state;
  }
}
