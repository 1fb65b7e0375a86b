/** A process that stands in for AWS: what it has in common, whoever imitates. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Variables with which everything that speaks to AWS speaks to a server. */
export const awsEnv = (endpoint: string): Record<string, string> => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: 'testing',
  AWS_SECRET_ACCESS_KEY: 'testing',
  AWS_REGION: 'us-east-1',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  NO_PROXY: '127.0.0.1',
});

export interface AwsServer {
  process: ChildProcess;
  endpoint: string;
  /** The end of what it has written. */
  log: () => string;
}

/** Starts a program that prints one line, `{"endpoint": …}`, and ends when its standard input does. */
export async function startServer(
  program: string,
  args: string[],
  env: Record<string, string | undefined>,
): Promise<AwsServer> {
  // It ends when its standard input does: it never outlives its test.
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said = (said + text).slice(-100_000);
  });
  child.stdin.on('error', () => undefined);
  const endpoint = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', (line) => resolve(JSON.parse(line).endpoint));
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`${args[0]} did not start: ${said}`)));
  });
  return { process: child, endpoint, log: () => said };
}

export async function stopServer({ process: child }: Pick<AwsServer, 'process'>): Promise<void> {
  const ended = once(child, 'exit');
  child.stdin?.end();
  const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await ended;
  clearTimeout(late);
}
