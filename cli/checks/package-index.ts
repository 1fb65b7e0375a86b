/** Checks the package index as pip would access it: pip's settings, proxy and certificates. */
import { pipVariables } from '../../adapters/local/environments/install/pip.ts';
import { run } from '../../adapters/local/environments/install/run-command.ts';
import { type Check, note, ok } from './check.ts';

type Variables = Record<string, string | undefined>;

// Reads pip's settings if pip is installed; urllib uses the same proxy variables.
const script = `
import os, subprocess, sys, urllib.request
said = subprocess.run([sys.executable, '-m', 'pip', 'config', 'get', 'global.index-url'], capture_output=True, text=True)
index = os.environ.get('PIP_INDEX_URL') or said.stdout.strip() or 'https://pypi.org/simple'
try:
    urllib.request.urlopen(index.rstrip('/') + '/pip/', timeout=8).close()
    print('ok')
except Exception as error:
    print(error)
`;

export async function indexCheck(python: string, env: Variables): Promise<Check> {
  const what = 'packages';
  if (env.PIP_NO_INDEX && env.PIP_NO_INDEX !== '0')
    return { what, ...ok('PIP_NO_INDEX is set: no index is used') };
  const { stdout, timedOut } = await run(python, ['-c', script], {
    env: pipVariables(env),
    timeoutMs: 20_000,
  });
  const said = stdout.trim();
  if (said === 'ok') return { what, ...ok('the package index answers') };
  return {
    what,
    ...note(
      `the package index cannot be reached: ${timedOut ? 'it does not answer' : said}; installed packages still work`,
      'Check the network. Behind a proxy set HTTPS_PROXY; for a mirror set PIP_INDEX_URL; for a folder of wheels set PIP_NO_INDEX=1 and PIP_FIND_LINKS.',
    ),
  };
}
