/** The stages LimitCost and SumCost: the deadline that follows from the budget, and what an execution has cost. */

import { BudgetExceeded } from '../../core/errors/errors.ts';
import { hourly, once, sum } from '../../core/estimate/cost/hourly-cost.ts';
import { formatDollars } from '../../core/format/numbers.ts';
import { layout } from '../../core/run-store/layout.ts';
import type { Plan } from '../../core/run-store/plan/plan.ts';
import type { RunRequest } from '../../core/run-store/request/request.ts';
import { type Cost, dollarsOf, readCosts } from '../../core/run-store/status/costs.ts';
import { readAll, type Store } from '../../core/store.ts';
import type { EksTarget } from '../../core/target.ts';
import type { Prices } from '../../ports/account/prices.ts';
import type { Clock } from '../../ports/clock.ts';

export interface LimitPorts {
  /** The run's store. */
  store: Store;
  prices: Prices;
  clock: Clock;
}

/** Seconds from the deadline until the nodes are terminated: running tasks end, records are written, machines stop. */
const endingSeconds = 300;
/** Minimum seconds until the deadline for an execution to go on. */
const minSeconds = 60;

/**
 * Records what the execution costs from its start on. Turns `budget_usd`, less the cost of earlier executions of the run,
 * into the execution's deadline.
 * @param built whether the execution has built its image
 * @throws BudgetExceeded if the budget does not last until the first task
 */
export const limitCost =
  ({ store, prices, clock }: LimitPorts) =>
  async (
    { config, target, repetitions }: RunRequest & { target: EksTarget },
    { execution, startedAt, built }: { execution: string; startedAt: number; built: boolean },
  ): Promise<{ at: number; perHour: number; deadline: number | null }> => {
    const { nodegroup } = target;
    const list = await prices.list(target.region, nodegroup.instanceType, nodegroup.spot);
    const plan: Plan = JSON.parse((await readAll(store, layout.plan)).toString());
    const nodes = Math.min(target.nodes, nodegroup.maxNodes);
    const { workersPerNode } = target;
    const scale = { nodes, workersPerNode, diskGiB: nodegroup.diskGiB, hasBastion: target.bastion !== null };
    const perHour = sum(hourly(list, scale));
    const { batches, tasks, files } = plan;
    const extent = { batches, tasks, files, repetitions, workers: nodes * workersPerNode };
    const single = sum(once(list, { ...extent, builds: built }));

    const now = clock.now();
    const earlier = [...(await readCosts(store))].filter(([name]) => name !== execution);
    const spent = earlier.reduce((total, [, cost]) => total + dollarsOf(cost, now), 0);
    const deadline =
      config.budgetUsd === null
        ? null
        : startedAt + ((config.budgetUsd - spent - single) / perHour) * 3600 - endingSeconds;
    if (deadline !== null && deadline < now + minSeconds)
      throw new BudgetExceeded(
        `budget_usd ${config.budgetUsd} does not last: ${formatDollars(spent)} were spent before, and ${nodes} nodes cost ${formatDollars(perHour)} an hour`,
        { hint: 'Raise budget_usd in config.yaml, or use fewer nodes.' },
      );
    const cost: Cost = { from: startedAt, to: null, perHour, once: single, deadline, pricesOf: list.date };
    await store.write(layout.cost(execution), JSON.stringify(cost));
    return { at: now, perHour, deadline };
  };

/**
 * Records, at the first call, when the execution's nodes were released.
 * @returns cost of the execution in US dollars; 0 if it never had nodes
 */
export const sumCost =
  ({ store, clock }: Omit<LimitPorts, 'prices'>) =>
  async ({ execution }: { execution: string }): Promise<{ dollars: number }> => {
    const now = clock.now();
    const cost = (await readCosts(store)).get(execution);
    if (!cost) return { dollars: 0 };
    if (cost.to === null) await store.write(layout.cost(execution), JSON.stringify({ ...cost, to: now }));
    return { dollars: dollarsOf({ ...cost, to: cost.to ?? now }, now) };
  };
