// One project a suite. Tests run as ES modules (hence --experimental-vm-modules), on the sources, not on dist/.
const project = (displayName, more = {}) => ({
  displayName,
  testMatch: [`<rootDir>/test/${displayName}/**/*.test.ts`],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript' },
          target: 'es2024',
          experimental: { keepImportAttributes: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironment: '<rootDir>/test/support/jest/fast-globals-environment.ts',
  setupFiles: ['<rootDir>/test/support/jest/fast-check.ts'],
  ...more,
});

export default {
  projects: [
    ...['unit', 'contract', 'end-to-end', 'long', 'faults', 'aws', 'box', 'cluster', 'examples'].map((name) =>
      project(name),
    ),
    project('stack', {
      globalSetup: '<rootDir>/test/support/stack/setup.ts',
      globalTeardown: '<rootDir>/test/support/stack/teardown.ts',
    }),
  ],
  testTimeout: 60_000,
};
