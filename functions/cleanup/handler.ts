import { systemClock } from '../../core/system-clock.ts';
import { scopeEvent, tearDownRequest } from '../lambda/events.ts';
import { lambda } from '../lambda/lambda.ts';
import { executions, inventory, ledger } from '../lambda/ports.ts';
import { confirmGone, tearDown } from './tear-down.ts';

export const remove = lambda('TearDown', tearDownRequest, async (asked) => {
  const found = { inventory: await inventory(), reservations: ledger(), executions: executions() };
  return tearDown({ ...found, clock: systemClock })(asked);
});

export const confirm = lambda('ConfirmGone', scopeEvent, async (asked) =>
  confirmGone({ inventory: await inventory() })(asked),
);
