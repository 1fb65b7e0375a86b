/** Requests of the command line go through the proxy that the environment names. */
import http from 'node:http';
import { proxyEnvironment } from '../core/values/proxy-environment.ts';

type Variables = Record<string, string | undefined>;

/** For `fetch` and whatever has no agent of its own; clients of AWS have one. @throws ConfigInvalid */
export function useProxy(env: Variables): void {
  const proxy = proxyEnvironment(env);
  if (!proxy) return;
  // Node 22.21 and 24.14 brought it.
  const { setGlobalProxyFromEnv } = http as { setGlobalProxyFromEnv?: (env: Variables) => unknown };
  if (setGlobalProxyFromEnv) setGlobalProxyFromEnv(proxy);
  else console.error(`Node ${process.versions.node} does not know proxies, and asks directly: Node 24 does.`);
}
