/** What every client of AWS is made with: credentials, region, retries, timeouts, proxy. */
import type { AgentOptions } from 'node:https';
import type { AwsAccess } from '../../../core/config/dotenv.ts';
import { proxyEnvironment } from '../../../core/values/proxy-environment.ts';

/** Credentials and region of the function, or of whatever machine this runs on. */
export const ownRole: AwsAccess = {
  accessKeyId: null,
  secretAccessKey: null,
  sessionToken: null,
  region: null,
};

/** AWS_MAX_ATTEMPTS overrides it. */
const defaultAttempts = 6;
/** A connection without data for this long is closed, and the request retried. */
const silenceMs = 30_000;
const connectMs = 10_000;

/** For the constructor of a client. */
export function clientSettings({ accessKeyId, secretAccessKey, sessionToken, region }: AwsAccess) {
  return {
    ...(region !== null && { region }),
    ...(accessKeyId !== null &&
      secretAccessKey !== null && {
        credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== null && { sessionToken }) },
      }),
    retryMode: 'adaptive',
    ...(!process.env.AWS_MAX_ATTEMPTS && { maxAttempts: defaultAttempts }),
    requestHandler: requestHandler({ connectMs, silenceMs }),
  };
}

/** The same for requests that the caller can do without: they fail within seconds. */
export const impatientSettings = (access: AwsAccess) => ({
  ...clientSettings(access),
  maxAttempts: 2,
  requestHandler: requestHandler({ connectMs: 3000, silenceMs: 8000 }),
});

/** Milliseconds. Requests go through the proxy that the environment names. */
function requestHandler({ connectMs, silenceMs }: { connectMs: number; silenceMs: number }) {
  const proxyEnv = proxyEnvironment();
  const agent = proxyEnv && ({ proxyEnv } as AgentOptions);
  return {
    connectionTimeout: connectMs,
    socketTimeout: silenceMs,
    ...(agent && { httpAgent: agent, httpsAgent: agent }),
  };
}
