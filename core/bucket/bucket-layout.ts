/** Keys in the stack's bucket; the stack's permissions name the same. */
export const bucketLayout = {
  /** A run's store; run names are unique in a stack. */
  run: (run: string) => `runs/${run}/`,
  /** What is kept beyond the runs of a project. */
  project: ({ projectKey, projectName }: { projectKey?: string; projectName: string }) =>
    `projects/${projectKey ?? projectName}/`,
  /** Data files of the project, copied from a folder: see copied-data.ts. */
  data: ({ projectKey, projectName }: { projectKey?: string; projectName: string }) =>
    `data/${projectKey ?? projectName}/`,
  /** The licence file of a run's solver, while it runs. */
  licence: (run: string) => `licences/${run}`,
  /** The archive that an image is built from. */
  source: (digest: string) => `sources/${digest}.zip`,
  /** The stored request of a schedule. */
  request: (name: string) => `requests/${name}.json`,
} as const;
