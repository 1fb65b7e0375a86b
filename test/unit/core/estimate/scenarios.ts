/** Runs that differ in what the planner knows, how durations vary, and how many tasks and workers there are. */
import type { Scenario } from './simulated-run.ts';

const logNormal = (sigma: number, normal: () => number) => Math.exp(sigma * normal() - sigma ** 2 / 2);

/** Durations that earlier runs tell, up to an error. */
const history = (sigma: number, error: number): Pick<Scenario, 'known' | 'draw'> => ({
  known: true,
  draw: (normal) => {
    const weight = logNormal(sigma, normal);
    return { weight, duration: weight * logNormal(error, normal) };
  },
});

/** Durations that go with sizes, up to an error. */
const sizes = (sigma: number, error: number): Pick<Scenario, 'known' | 'draw'> => ({
  ...history(sigma, error),
  known: false,
});

/** Durations that have nothing to do with sizes. */
const useless = (sigma: number): Pick<Scenario, 'known' | 'draw'> => ({
  known: false,
  draw: (normal) => ({ weight: logNormal(1, normal), duration: logNormal(sigma, normal) }),
});

const equal = (sigma: number): Pick<Scenario, 'known' | 'draw'> => ({
  known: false,
  draw: (normal) => ({ weight: 1, duration: logNormal(sigma, normal) }),
});

/** Widest that the range may be in the median, at the checkpoints, beside the run's true duration. */
type Widths = { mostWidth: [number, number, number, number] };
const known: Widths = { mostWidth: [1, 0.6, 0.3, 0.15] };
/** The longest tasks decide when the run ends. */
const longTasks: Widths = { mostWidth: [1.2, 1.2, 1.2, 1.3] };
const guessed: Widths = { mostWidth: [14, 5, 1, 0.4] };
const anybodysGuess: Widths = { mostWidth: [20, 10, 5, 2.5] };

export const scenarios: Record<string, Scenario & Widths> = {
  'history, right': { ...known, tasks: 600, workers: 16, ...history(1, 0.05) },
  'history, 20 % off, 1 worker': { ...known, tasks: 200, workers: 1, ...history(1, 0.2) },
  'history, 20 % off, 100 workers': { ...longTasks, tasks: 2000, workers: 100, ...history(1.5, 0.2) },
  'history, 50 % off': { ...known, tasks: 500, workers: 16, ...history(1, 0.5) },
  'history, 50 % off, 12,000 tasks': { ...known, tasks: 12_000, workers: 100, ...history(0.5, 0.5) },
  'history, giant task': { ...longTasks, tasks: 500, workers: 16, ...history(0.5, 0.2), giant: 60 },
  'history, slower and slower': { ...known, tasks: 500, workers: 16, ...history(1, 0.2), drift: 0.3 },
  'history, faster and faster': { ...known, tasks: 500, workers: 2, ...history(1, 0.2), drift: -0.3 },
  'history, resumed at 40 %': { ...known, tasks: 600, workers: 16, ...history(1, 0.2), resumedAt: 0.4 },
  'history, three repetitions': { ...known, tasks: 200, workers: 16, ...history(1, 0.3), repetitions: 3 },
  'sizes tell, 2 workers': { ...guessed, tasks: 100, workers: 2, ...sizes(1, 0.2) },
  'sizes tell, 16 workers': { ...anybodysGuess, tasks: 600, workers: 16, ...sizes(1.5, 0.3) },
  'sizes tell, giant task': { ...anybodysGuess, tasks: 300, workers: 16, ...sizes(0.5, 0.2), giant: 40 },
  'sizes tell nothing, 3 repetitions': {
    ...anybodysGuess,
    tasks: 100,
    workers: 4,
    ...useless(1),
    repetitions: 3,
  },
  'sizes tell nothing, sigma 0.5': { ...guessed, tasks: 300, workers: 2, ...useless(0.5) },
  'sizes tell nothing, sigma 1': { ...anybodysGuess, tasks: 600, workers: 16, ...useless(1) },
  'sizes tell nothing, sigma 2': { ...anybodysGuess, tasks: 1000, workers: 16, ...useless(2) },
  'sizes tell nothing, 100 workers': { ...anybodysGuess, tasks: 500, workers: 100, ...useless(1) },
  'equal sizes, 50 tasks, 1 worker': { ...guessed, tasks: 50, workers: 1, ...equal(0.5) },
  'equal sizes, 50 tasks, 16 workers': { ...anybodysGuess, tasks: 50, workers: 16, ...equal(1) },
  'equal sizes, slower and slower': { ...guessed, tasks: 600, workers: 16, ...equal(0.5), drift: 0.3 },
  'equal sizes, resumed at 30 %': { ...anybodysGuess, tasks: 500, workers: 16, ...equal(1), resumedAt: 0.3 },
};
