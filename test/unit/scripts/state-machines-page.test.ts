import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { draw, stateMachinesPage } from '../../../scripts/state-machines-page.ts';

test('docs/state-machines.md shows the definitions as they are: node scripts/state-machines-page.ts draws it', async () => {
  const page = await readFile(new URL('../../../docs/state-machines.md', import.meta.url), 'utf8');
  expect(page).toBe(await stateMachinesPage());
});

test('states, decisions, failures and what runs inside of others are drawn', () => {
  const inner = { StartAt: 'B', States: { B: { Type: 'Task', End: true } } };
  const definition = {
    StartAt: 'A',
    States: {
      A: { Type: 'Parallel', Branches: [inner], Catch: [{ ErrorEquals: ['InUse'], Next: 'Z' }], Next: 'C?' },
      'C?': { Type: 'Choice', Choices: [{ Variable: '$.k', StringEquals: 'x', Next: 'W' }], Default: 'Z' },
      W: { Type: 'Wait', Seconds: 1, Next: 'C?' },
      Z: { Type: 'Succeed' },
    },
  };
  expect(draw(definition).split('\n')).toEqual([
    'flowchart TD',
    '  subgraph sA["A"]',
    '    sB["B"]',
    '  end',
    '  sCQ{"C?"}',
    '  sW("W")',
    '  sZ(["Z"])',
    '  sA --> sCQ',
    '  sA -.->|InUse| sZ',
    '  sCQ -->|x| sW',
    '  sCQ --> sZ',
    '  sW --> sCQ',
  ]);
});
