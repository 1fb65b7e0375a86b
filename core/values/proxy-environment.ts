/** Proxy settings of the environment, as Node's agents take them. */
import { ConfigInvalid } from '../errors/errors.ts';

type Variables = Record<string, string | undefined>;

/** Never reached through a proxy: this machine, and AWS's endpoints for instance credentials. */
const near = ['localhost', '127.0.0.1', '::1', '[::1]', '169.254.169.254', '169.254.170.2', '169.254.170.23'];

/**
 * What `proxyEnv` of Node's agents takes (Node 22.21 and newer), from HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, in
 * either case; undefined without a proxy.
 * @throws ConfigInvalid if the proxy's URL is invalid
 */
export function proxyEnvironment(env: Variables = process.env): Record<string, string> | undefined {
  // As curl: lower case first.
  const named = (name: string) => env[name.toLowerCase()] || env[name.toUpperCase()] || undefined;
  const all = named('all_proxy');
  const proxies: Record<string, string> = {};
  for (const name of ['http_proxy', 'https_proxy']) {
    const given = named(name) ?? all;
    if (given !== undefined) proxies[name] = proxyUrl(name, given);
  }
  if (Object.keys(proxies).length === 0) return undefined;
  const without = named('no_proxy')?.split(/[\s,]+/) ?? [];
  return { ...proxies, no_proxy: [...without, ...near].filter((host) => host !== '').join() };
}

function proxyUrl(name: string, given: string): string {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `http://${given}`;
  const protocol = URL.canParse(text) ? new URL(text).protocol : undefined;
  if (protocol === 'http:' || protocol === 'https:') return text;
  const why =
    protocol === undefined ? 'is no URL' : `is of a kind that cannot be used (${protocol.slice(0, -1)})`;
  throw new ConfigInvalid(`the proxy of ${name} or all_proxy in the environment ${why}`, {
    hint: 'Set it to http://HOST:PORT, or unset the variable.',
  });
}
