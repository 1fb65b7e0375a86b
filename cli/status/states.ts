/** What a run is doing, by the state of its definition that was entered last. */
const words: Record<string, string> = {
  Validate: 'planning …',
  Prepare: 'planning …',
  PlanTasks: 'planning …',
  'Planned?': 'planning …',
  Planned: 'preparing the environment …',
  EnsureEnvironment: 'preparing the environment …',
  'EnvironmentReady?': 'preparing the environment …',
  WaitForEnvironment: 'preparing the environment …',
  EnvironmentReady: 'planning …',
  StartWorkers: 'starting workers …',
  DispatchBatches: 'running tasks',
  RunBatch: 'running tasks',
  BatchLost: 'running tasks',
  EndRepetition: 'running tasks',
  'AnotherRepetition?': 'running tasks',
  NextRepetition: 'starting the next repetition …',
  StopWorkers: 'stopping workers …',
  StopWorkersAfterFailure: 'stopping workers …',
  Gather: 'gathering results …',
  Salvage: 'gathering results …',
  Report: 'writing the report …',
  ReportSalvaged: 'writing the report …',
  Done: 'writing the results …',
  Failed: 'ending …',
};

/** In words; a state that is not known here, by its name. */
export const doing = (state: string): string => words[state] ?? state;

export const knownStates: ReadonlySet<string> = new Set(Object.keys(words));
