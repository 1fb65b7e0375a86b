import { systemClock } from '../../core/system-clock.ts';
import { clusterRun } from '../lambda/cloud-run.ts';
import { executionEvent, limitRequest } from '../lambda/events.ts';
import { lambda } from '../lambda/lambda.ts';
import { prices } from '../lambda/ports.ts';
import { limitCost, sumCost } from './limit-sum-cost.ts';

export const limit = lambda('LimitCost', limitRequest, async (asked) => {
  const { request, store } = await clusterRun(asked.run);
  return limitCost({ store, prices: prices(), clock: systemClock })(request, asked);
});

export const sum = lambda('SumCost', executionEvent, async (asked) => {
  const { store } = await clusterRun(asked.run);
  return sumCost({ store, clock: systemClock })(asked);
});
