/** Keys inside the stack's bucket. One place, so that permissions and programs agree. */
export const bucketLayout = {
  /** A run's store; names of runs are unique in a stack. */
  run: (run: string) => `runs/${run}/`,
  /** What outlives the runs of a project. */
  project: ({ projectKey, projectName }: { projectKey?: string; projectName: string }) =>
    `projects/${projectKey ?? projectName}/`,
  /** Data files of the project that a start has copied from a folder: see copied-data.ts. */
  data: ({ projectKey, projectName }: { projectKey?: string; projectName: string }) =>
    `data/${projectKey ?? projectName}/`,
  /** The licence file of a run's solver, while it runs. */
  licence: (run: string) => `licences/${run}`,
  /** The archive that an image is made from. */
  source: (digest: string) => `sources/${digest}.zip`,
  /** The stored request of a schedule. */
  request: (name: string) => `requests/${name}.json`,
} as const;
