/** Runs on this machine over data in S3. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { oddS3, s3Error } from '../support/aws/scripted-s3.ts';
import { command, leftOver, newProject, startCommand, until } from '../support/cli/project.ts';
import { Moto } from '../support/moto/moto.ts';
import { ownColumns } from '../support/tables/parse-csv.ts';

const entrypoint = `
import os, time
def entrypoint(data_bucket, curr_process_file, curr_process_column, data_file):
    time.sleep(float(os.environ.get("SLEEP", "0")))
    with open(data_file) as file:
        text = file.read()
    return {"file": curr_process_file, "column": curr_process_column, "bytes": len(text),
            "name": os.path.basename(data_file), "bucket": data_bucket}
`;
const files: Record<string, string> = {
  'a.csv': 'Time,Power(W),Power_2(W)\n1,2,3\n',
  'b [1] é+%.csv': 'Power\n1\n',
  'deep/er/c.csv': `Power\n${'12345\n'.repeat(1000)}`,
  'deep/feeder.glm': 'module tape;\n',
  'none.csv': 'Wind\n',
};

let moto: Moto;
beforeAll(async () => {
  moto = await Moto.start();
});
afterAll(() => moto?.stop());

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
  expect(leftOver()).toEqual([]);
});

let buckets = 0;
async function bucketOf(objects: Record<string, string>): Promise<string> {
  const bucket = `data-${++buckets}`;
  await moto.bucket(bucket, objects);
  return bucket;
}

async function projectOn(dataBucket: string, more = '', data: Record<string, string> = {}) {
  const project = await newProject({
    'entrypoint.py': entrypoint,
    'config.yaml': `data_bucket: ${dataBucket}\nprocess_column_keywords: Power\n${more}`,
    ...data,
  });
  cleanUps.push(project.remove);
  return project;
}

const start = (folder: string, ...args: string[]) =>
  command(['start', '-p', folder, '-n', '0', ...args], { env: moto.env });

const under = (prefix: string, of: Record<string, string>) =>
  Object.fromEntries(Object.entries(of).map(([key, body]) => [prefix + key, body]));

/** All columns but the last: which place it was is the only difference. */
const withoutPlace = (csv: string) => csv.replace(/,[^,\n]*$/gm, '');

describe('gcd-sfn start over a bucket', () => {
  test('gives the same results as over a folder with the same files', async () => {
    const folder = await projectOn('./data', '', under('data/', files));
    const expected = await start(folder.folder);
    expect(expected.code).toBe(0);
    const bucket = await bucketOf({ ...files, 'a-folder/': '' });
    const project = await projectOn(bucket);
    const { code, stderr } = await start(project.folder);
    expect(stderr).toContain('none.csv: none of its 1 columns matches: Wind');
    expect(code).toBe(0);
    const results = await project.read('results/results.csv');
    expect(withoutPlace(results)).toBe(withoutPlace(await folder.read('results/results.csv')));
    expect(results).toContain(`,${bucket}\n`);
    const [run = ''] = readdirSync(join(project.folder, '.gcd/runs'));
    expect(readdirSync(join(project.folder, '.gcd/runs', run))).not.toContain('data-cache');
  });

  test('a service of another URL is asked there, also by the code of the project', async () => {
    const bucket = await bucketOf({ 'a.csv': 'Power\n' });
    const project = await projectOn(bucket, `endpoint_url: ${moto.endpoint}\n`);
    await project.write(
      'entrypoint.py',
      'import os\ndef entrypoint(curr_process_file, curr_process_column, data_bucket):\n    return {"url": os.environ["AWS_ENDPOINT_URL_S3"]}\n',
    );
    const { AWS_ENDPOINT_URL: _, AWS_ENDPOINT_URL_S3: __, ...env } = moto.env;
    const { code } = await command(['start', '-p', project.folder, '-n', '0'], { env });
    expect(code).toBe(0);
    expect(await project.read('results/results.csv')).toContain(moto.endpoint);
    const onCluster = await command(['start', '-p', project.folder, '--cluster', 'c'], { env });
    expect(onCluster.stderr).toContain('a cluster reads data from S3 only, not from endpoint_url');
    expect(onCluster.code).toBe(2);
  });

  test('a prefix is left out of all names but the one that boto3 needs', async () => {
    const bucket = await bucketOf({
      ...under('some/prefix/', files),
      'a.csv': 'Power\n',
      'some/prefix2/x.csv': 'Power\n',
    });
    const project = await projectOn(`s3://${bucket}/some/prefix`, 'default_process_files: deep/er/c.csv\n');
    const { code } = await command(['start', '-p', project.folder], { env: moto.env });
    expect(code).toBe(0);
    expect(ownColumns(await project.read('results/results.csv'))).toBe(
      `file,column,bytes,name,bucket\nsome/prefix/deep/er/c.csv,Power,6006,c.csv,${bucket}\n`,
    );
    expect((await project.read('results/logs.csv')).split('\n')[1]).toMatch(/^deep\/er\/c\.csv,Power,/);
  });

  test('keys that are no paths reach the code as they are, and no file outside the cache', async () => {
    const odd = ['../../up.csv', '/abs.csv', 'x//y.csv', 'dup', 'dup/z.csv', `${'long'.repeat(80)}.csv`];
    const bucket = await bucketOf(Object.fromEntries(odd.map((key) => [key, 'Power\n1\n'])));
    const project = await projectOn(bucket);
    const { code } = await start(project.folder);
    expect(code).toBe(0);
    const rows = ownColumns(await project.read('results/results.csv'))
      .trimEnd()
      .split('\n')
      .slice(1);
    expect(rows.map((row) => row.split(',')[0])).toEqual([...odd].sort());
    expect(rows.filter((row) => row.split(',')[3]?.endsWith('.csv'))).toHaveLength(odd.length - 1);
  });

  test('a file that cannot be had fails its tasks alone, and says why', async () => {
    const bucket = await bucketOf({ 'a.csv': 'Power\n', 'bad.glm': '1', 'gone.glm': '2', 'good.glm': '3' });
    await moto.denyReading(bucket, 'bad.glm');
    // Removed while the project is imported: after it was planned, before it is fetched.
    const project = await projectOn(bucket, `env: {GONE: "${moto.endpoint}/${bucket}/gone.glm"}\n`, {
      'entrypoint.py': `import os, urllib.request as web
web.urlopen(web.Request(os.environ["GONE"], method="DELETE"))
${entrypoint}`,
    });
    const { code } = await start(project.folder, '-s', '1');
    expect(code).toBe(1);
    const errors = await project.read('results/error.csv');
    expect(errors).toContain(
      'no-data,AccessDenied,The data file bad.glm could not be fetched: not allowed: s3:GetObject',
    );
    expect(errors).toContain(
      'no-data,NotFound,The data file gone.glm could not be fetched: there is no gone.glm',
    );
    expect(
      ownColumns(await project.read('results/results.csv'))
        .trimEnd()
        .split('\n'),
    ).toHaveLength(3);
  });

  test('less room than the data needs is enough', async () => {
    const large = Object.fromEntries(
      Array.from({ length: 12 }, (_, n) => [`f${n}.csv`, `Power\n${'x'.repeat(400_000)}`]),
    );
    const bucket = await bucketOf(large);
    const project = await projectOn(bucket, 'data_cache: 1Mi\nenv: {SLEEP: "0.05"}\n');
    const started = startCommand(['start', '-p', project.folder, '-n', '0', '--name', 'one'], {
      env: moto.env,
    });
    let most = 0;
    const cache = join(project.folder, '.gcd/runs/one/data-cache');
    const timer = setInterval(() => {
      most = Math.max(most, bytesIn(cache));
    }, 5);
    const { code } = await started.finished;
    clearInterval(timer);
    expect(code).toBe(0);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(2 ** 20);
    expect(
      ownColumns(await project.read('results/results.csv'))
        .trimEnd()
        .split('\n'),
    ).toHaveLength(13);
    expect(existsSync(cache)).toBe(false);
  });

  test('--dry-run plans, and leaves nothing behind', async () => {
    const project = await projectOn(await bucketOf(files));
    const { code, stderr } = await start(project.folder, '--dry-run');
    expect(stderr).toContain('4 files, 5 tasks');
    expect(code).toBe(0);
    expect(readdirSync(project.folder).sort()).toEqual(['config.yaml', 'entrypoint.py']);
  });
});

describe('a bucket that cannot be used is an error that says so, and nothing is left behind', () => {
  async function refused(dataBucket: string, env: Record<string, string>, args: string[] = ['-n', '0']) {
    const project = await projectOn(dataBucket, 'file_pattern: "*.csv"\n');
    for (const more of [[], ['--dry-run']]) {
      const { code, stdout, stderr } = await command(['start', '-p', project.folder, ...args, ...more], {
        env: { ...moto.env, AWS_MAX_ATTEMPTS: '2', ...env },
      });
      expect(stdout).toBe('');
      expect(stderr).not.toMatch(/\n {4}at |This is a bug/);
      expect(readdirSync(project.folder).sort()).toEqual(['config.yaml', 'entrypoint.py']);
      if (more.length > 0) return { code, stderr };
    }
    throw new Error('never here');
  }

  test('it is not there', async () => {
    const { code, stderr } = await refused('no-such-bucket', {});
    expect(stderr).toContain('s3://no-such-bucket');
    expect(code).toBe(2);
  });

  test('nothing in it matches', async () => {
    const bucket = await bucketOf({ 'p/x.nc': '', 'p/y.nc': '' });
    const { code, stderr } = await refused(`s3://${bucket}/p`, {});
    expect(stderr).toContain(`no file in s3://${bucket}/p matches file_pattern '*.csv'`);
    expect(stderr).toContain('what is there: x.nc, y.nc');
    expect(code).toBe(2);
  });

  test('a named file is not in it', async () => {
    const bucket = await bucketOf({ 'x.csv': 'Power\n' });
    const { code, stderr } = await refused(bucket, {}, ['-f', 'y.csv']);
    expect(stderr).toContain(`a file named by --file is not in s3://${bucket}: y.csv`);
    expect(code).toBe(2);
  });

  test('it is not allowed', async () => {
    const server = await oddS3((_, response) => s3Error(response, 403, 'AccessDenied'));
    cleanUps.push(server.stop);
    const { code, stderr } = await refused('mine', { AWS_ENDPOINT_URL: server.endpoint });
    expect(stderr).toContain('not allowed: s3:ListBucket on s3://mine');
    expect(stderr).toContain('"Resource": "arn:aws:s3:::mine"');
    expect(code).toBe(3);
  });

  test('nobody answers', async () => {
    const { code, stderr } = await refused('mine', { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' });
    expect(stderr).toContain('s3://mine cannot be reached');
    expect(code).toBe(3);
  });

  test('there are no credentials', async () => {
    const s3 = await oddS3((_, response) => s3Error(response, 403, 'AccessDenied', 'Access Denied'));
    const none = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_ENDPOINT_URL: s3.endpoint };
    const { code, stderr } = await refused('mine', none);
    await s3.stop();
    expect(stderr).toContain('AWS does not take the credentials, or there are none');
    expect(stderr).toContain('aws sso login');
    expect(code).toBe(3);
  });
});

describe('Ctrl-C while files are fetched', () => {
  test('does not wait for a bucket that has fallen silent', async () => {
    // Headers are read by range; the whole file is never given.
    const server = await oddS3((_, response, request) => {
      if (request.url?.includes('list-type')) {
        const content = '<Contents><Key>a.csv</Key><Size>1000</Size></Contents>';
        response.end(`<ListBucketResult><IsTruncated>false</IsTruncated>${content}</ListBucketResult>`);
      } else if (request.method === 'HEAD' || request.headers.range) response.end('Power\n');
      else {
        response.writeHead(200, { 'content-length': 1000, etag: '"1"' });
        response.write('Power\n');
      }
    });
    cleanUps.push(server.stop);
    const project = await projectOn('silent');
    const started = startCommand(['start', '-p', project.folder, '-n', '0', '--name', 'one'], {
      env: { ...moto.env, AWS_ENDPOINT_URL: server.endpoint },
    });
    await until(() => server.requests.at(-1) === 'GET /silent/a.csv', 'the fetching');
    started.process.kill('SIGINT');
    const { code, stderr } = await started.finished;
    expect(stderr).toContain('1 not done yet');
    expect(code).toBe(130);
    expect(existsSync(join(project.folder, '.gcd/runs/one/data-cache'))).toBe(false);
  });
});

describe('kill -9, then resume', () => {
  test('the results are those of an undisturbed run', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 20 }, (_, n) => [`f${n}.csv`, 'Power,Power2\n1,2\n']),
    );
    const bucket = await bucketOf(many);
    const project = await projectOn(bucket, 'env: {SLEEP: "0.05"}\n');
    const started = startCommand(['start', '-p', project.folder, '-n', '0', '--name', 'one'], {
      env: moto.env,
    });
    const run = join(project.folder, '.gcd/runs/one');
    const records = () => {
      const parts = join(run, 'parts/1');
      if (!existsSync(parts)) return 0;
      const text = readdirSync(parts).map((part) => readFileSync(join(parts, part), 'utf8'));
      return text.join('').split('{"status"').length - 1;
    };
    await until(() => records() >= 10, 'ten records');
    started.process.kill('SIGKILL');
    await started.finished;
    await until(() => leftOver().length === 0, 'the workers to end');
    expect(existsSync(join(run, 'data-cache'))).toBe(true);
    const { code } = await command(['resume', '-p', project.folder], { env: moto.env });
    expect(code).toBe(0);
    expect(existsSync(join(run, 'data-cache'))).toBe(false);
    const rows = ownColumns(await project.read('results/results.csv'))
      .trimEnd()
      .split('\n')
      .slice(1);
    const expected = Object.keys(many)
      .sort()
      .flatMap((file) => [`${file},Power`, `${file},Power2`]);
    expect(rows.map((row) => row.split(',').slice(0, 2).join())).toEqual(expected);
    expect((await project.read('results/logs.csv')).trimEnd().split('\n')).toHaveLength(41);
  });
});

function bytesIn(folder: string): number {
  let sum = 0;
  try {
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const found = statSync(join(folder, name), { throwIfNoEntry: false });
      if (found?.isFile()) sum += found.size;
    }
  } catch {
    // It is being made, or removed.
  }
  return sum;
}
