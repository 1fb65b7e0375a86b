/** A run goes on with the code that it began with, or says why not. */
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { RunsFolder } from '../../../../adapters/local/runs/runs-folder.ts';
import { loadConfig } from '../../../../core/config/load-config.ts';
import { ProjectInvalid } from '../../../../core/errors/errors.ts';
import type { CodeChoice } from '../../../../ports/runs.ts';
import { prepareRun, reopenRun } from '../../../../runs/prepare-run.ts';
import { newProject } from '../../../support/cli/project.ts';

let project: Awaited<ReturnType<typeof newProject>>;
let code: string;
beforeEach(async () => {
  project = await newProject({
    ...{ 'entrypoint.py': 'x = 1', 'config.yaml': 'data_bucket: ./data\n', 'data/a.csv': 'Power\n' },
    'lib/a.py': 'a = 1',
  });
  const runs = new RunsFolder(project.folder);
  const { folder } = project;
  const begun = await prepareRun(runs, {
    ...{ run: 'r', version: '0.2.0', requestedAt: 1, project: folder, projectName: 'p' },
    config: await loadConfig(folder),
    selection: { kind: 'first', count: 0 },
    target: { kind: 'local' },
    ...{ workers: 1, repetitions: 1 },
  });
  begun.held.release();
  code = begun.code;
});
afterEach(() => project.remove());

/** Takes the run up and gives it back. */
async function takeUp(choice: CodeChoice = 'frozen') {
  const told: string[] = [];
  const choose = async () => choice;
  const run = await reopenRun(new RunsFolder(project.folder), 'r', choose, (line) => told.push(line));
  run.held.release();
  return { ...run, told: told.join('\n') };
}

function write(path: string, text: string) {
  chmodSync(path, 0o644);
  writeFileSync(path, text);
}

describe('the copy of the code', () => {
  test('is used as it is when nobody has written there; what Python and tasks leave beside it is no code', async () => {
    writeFileSync(join(code, 'cache.json'), '{}');
    expect(await takeUp()).toMatchObject({ told: '', code });
  });

  test.each<[string, () => void, string]>([
    ['edited', () => write(join(code, 'entrypoint.py'), 'x = -999'), 'entrypoint.py'],
    ['made executable', () => chmodSync(join(code, 'lib/a.py'), 0o555), 'lib/a.py'],
    ['removed', () => rmSync(join(code, 'lib'), { recursive: true }), 'lib/a.py'],
    ['put beside', () => writeFileSync(join(code, 'numpy.py'), 'x = -999'), 'numpy.py'],
    ['in its list', () => writeFileSync(`${code}.json`, '[]'), `.json`],
  ])('is made again when a file was %s', async (_, change, path) => {
    change();
    const run = await takeUp();
    expect(run.told).toMatch(/^the run's copy of the code was changed: .*; it was restored from the project/);
    expect(run.told).toContain(path);
    expect(readFileSync(join(run.code, 'entrypoint.py'), 'utf8')).toBe('x = 1');
    expect(readFileSync(join(run.code, 'lib/a.py'), 'utf8')).toBe('a = 1');
    expect((await takeUp()).told).toBe('');
  });

  test('is refused when it was changed and the project, too', async () => {
    write(join(code, 'entrypoint.py'), 'x = -999');
    await project.write('entrypoint.py', 'x = 2');
    const refused = takeUp();
    await expect(refused).rejects.toThrow(ProjectInvalid);
    await expect(refused).rejects.toMatchObject({ hint: expect.stringContaining('--use-edited') });
    const run = await takeUp('edited');
    expect(readFileSync(join(run.code, 'entrypoint.py'), 'utf8')).toBe('x = 2');
  });
});
