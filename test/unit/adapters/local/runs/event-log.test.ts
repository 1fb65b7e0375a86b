import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { EventTail } from '../../../../../adapters/local/runs/event-log.ts';

const event = (state: string) => ({ at: 1, event: 'state-exited', state, type: 'Task' });

test('events are read as they are appended, whole ones only, and the last also when the file is removed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gcd-tail-'));
  const path = join(folder, 'events.jsonl');
  const tail = new EventTail(path);
  const states = () => tail.read().map((one) => ('state' in one ? one.state : one.event));
  expect(states()).toEqual([]);
  appendFileSync(path, `${JSON.stringify(event('one'))}\n{"at":2,"eve`);
  expect(states()).toEqual(['one']);
  appendFileSync(path, `nt":"execution-started"}\n{"half":\n\n${JSON.stringify(event('für'))}\n`);
  expect(states()).toEqual(['execution-started', 'für']);
  const long = 'x'.repeat(200_000);
  appendFileSync(path, `${JSON.stringify(event(long))}\n`);
  rmSync(folder, { recursive: true });
  expect(states()).toEqual([long]);
  expect(states()).toEqual([]);
  tail.close();
});
