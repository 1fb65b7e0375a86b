/** Imports point one way: cli → runs → functions → ports ← adapters, and core is below all. What a Lambda runs puts them together, as runs/local does. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { packageRoot } from '../support/cli/project.ts';

/** What files of a folder may import from, besides their own folder. */
const allowed: Record<string, string[]> = {
  core: [],
  ports: ['core'],
  adapters: ['ports', 'core'],
  functions: ['ports', 'core'],
  runs: ['functions', 'adapters', 'ports', 'core'],
  cli: ['runs', 'functions', 'adapters', 'ports', 'core'],
};

const filesIn = (folder: string): string[] =>
  readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file));

/** Files of the project that a file imports, types too. */
function importsOf(file: string): string[] {
  const source = readFileSync(join(packageRoot, file), 'utf8');
  const found = source.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g);
  return [...found].map(([, path = '']) => relative(packageRoot, join(packageRoot, dirname(file), path)));
}

const files = Object.keys(allowed).flatMap(filesIn);

/** The handlers of the functions, and what they share. */
const isHandler = (file: string) => /^functions\/[^/]+\/([a-z]+-)?handler\.ts$/.test(file);
const isComposition = (file: string) => isHandler(file) || file.startsWith('functions/lambda/');

describe('the structure of the sources', () => {
  test('imports point one way', () => {
    const wrong = files.flatMap((file) => {
      const [top = ''] = file.split('/');
      return importsOf(file)
        .filter((path) => !path.startsWith(`${top}/`) && !allowed[top]?.includes(path.split('/')[0] ?? ''))
        .filter((path) => !(isComposition(file) && /^adapters\/(aws|kubernetes)\//.test(path)))
        .map((path) => `${file} → ${path}`);
    });
    expect(wrong).toEqual([]);
  });

  test('ports have interfaces and types only', () => {
    const values = files
      .filter((file) => file.startsWith('ports/'))
      .flatMap((file) => {
        const source = readFileSync(join(packageRoot, file), 'utf8');
        return [...source.matchAll(/^export (?!interface |type )(.*)/gm)].map(([line]) => `${file}: ${line}`);
      });
    expect(values).toEqual([]);
  });

  test('a stage does not import the inside of another', () => {
    const wrong = files.flatMap((file) => {
      const [top, stage] = file.split('/');
      if (top !== 'functions') return [];
      return (
        importsOf(file)
          .filter((path) => path.startsWith('functions/') && !path.startsWith(`functions/${stage}/`))
          // A handler puts stages together with what they are handed: what Lambda needs, and another stage's function.
          .filter((path) => !isHandler(file) || isHandler(path))
          .map((path) => `${file} → ${path}`)
      );
    });
    expect(wrong).toEqual([]);
  });

  test('runs on this machine and on AWS do not know each other', () => {
    const wrong = files.flatMap((file) => {
      const [, place] = /^runs\/(local|aws)\//.exec(file) ?? [];
      if (place === undefined) return [];
      const other = place === 'local' ? 'runs/aws/' : 'runs/local/';
      return importsOf(file)
        .filter((path) => path.startsWith(other))
        .map((path) => `${file} → ${path}`);
    });
    expect(wrong).toEqual([]);
  });

  test.each(['status', 'watch', 'stop', 'top', 'logs', 'results', 'start/start', 'resume/resume', 'cost'])(
    '%s knows runs by their interface, and does not ask where one is',
    (command) => {
      const known = importsOf(`cli/commands/${command}.ts`);
      expect(known.filter((path) => /^runs\/|remote-file|runs-folder/.test(path))).toEqual([]);
    },
  );

  test('one file of the commands, and one of the runs, decides between this machine and AWS', () => {
    const deciding = files.filter((file) => {
      const source = readFileSync(join(packageRoot, file), 'utf8');
      return /instanceof (AwsRun|LocalRun)|readRemote\(|cluster === 'local'/.test(source);
    });
    expect(deciding.filter((file) => /^(cli|runs)\/(?!aws\/|local\/)/.test(file)).sort()).toEqual([
      'cli/commands/start/choose-place.ts',
      'runs/project-runs.ts',
    ]);
  });

  test('nothing but handlers knows Lambda, and nothing knows a handler', () => {
    const wrong = files
      .filter((file) => !isComposition(file))
      .flatMap((file) =>
        importsOf(file)
          .filter(isComposition)
          .map((path) => `${file} → ${path}`),
      );
    expect(wrong).toEqual([]);
  });

  test('adapters of one kind do not import those of another', () => {
    const wrong = files.flatMap((file) => {
      const [top, kind] = file.split('/');
      if (top !== 'adapters') return [];
      return (
        importsOf(file)
          .filter((path) => path.startsWith('adapters/') && !path.startsWith(`adapters/${kind}/`))
          // A cluster of EKS is one of Kubernetes.
          .filter((path) => !(kind === 'aws' && path.startsWith('adapters/kubernetes/')))
          .map((path) => `${file} → ${path}`)
      );
    });
    expect(wrong).toEqual([]);
  });

  test('the AWS SDK is loaded only when it is needed', () => {
    const wrong = files.filter((file) => {
      if (file.startsWith('adapters/aws/') || isComposition(file)) return false;
      const source = readFileSync(join(packageRoot, file), 'utf8');
      return /from\s*'(@aws-sdk\/|@smithy\/|[^']*adapters\/aws\/)/.test(source);
    });
    expect(wrong).toEqual([]);
  });

  test('the official Kubernetes client is used for its types only', () => {
    const wrong = files.filter((file) => {
      const source = readFileSync(join(packageRoot, file), 'utf8');
      return /import\s*\(\s*'@kubernetes|^import(?! type\b)[^;]*'@kubernetes/m.test(source);
    });
    expect(wrong).toEqual([]);
  });

  test('there are no cycles', () => {
    const graph = new Map(files.map((file) => [file, importsOf(file)]));
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (file: string, path: string[]): void => {
      if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
      if (done.has(file) || path.includes(file)) return;
      for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(cycles).toEqual([]);
  });
});
