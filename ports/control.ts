/** `control.json`: what workers heed before they take a batch, and the definition between two repetitions. */
import { layout } from './layout.ts';
import { exists, readAll, type Store } from './store.ts';

export interface Control {
  /** Somebody asked for a stop: nothing else is begun. */
  stop: boolean;
  /** Seconds since 1970 after which nothing else is begun, because of `budget_usd`; null: there is none. */
  deadline: number | null;
}

/** What holds for a run; nothing special when nothing was written. */
export async function readControl(store: Store): Promise<Control> {
  if (!(await exists(store, layout.control))) return { stop: false, deadline: null };
  return JSON.parse((await readAll(store, layout.control)).toString());
}

/** Whether no more work is handed out. */
export const isOver = ({ stop, deadline }: Control, now: number): boolean =>
  stop || (deadline !== null && now >= deadline);
