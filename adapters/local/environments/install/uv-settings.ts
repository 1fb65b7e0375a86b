/** Translates pip's settings for uv, which does not read them. */
import type { Variables } from './run-command.ts';

export interface UvSettings {
  args: string[];
  env: Variables;
}

/** Settings without an effect on which packages are installed. */
const ignored = new Set(
  (
    'config-file require-virtualenv disable-pip-version-check no-input progress-bar quiet verbose no-color cache-dir no-cache-dir log retries ' +
    'no-warn-script-location no-warn-conflicts root-user-action break-system-packages no-compile compile ' +
    'no-python-version-warning exists-action debug timeout default-timeout upgrade-strategy'
  ).split(' '),
);

type Translate = (value: string) => Partial<UvSettings>;

const each =
  (option: string): Translate =>
  (value) => ({
    args: value
      .split(/\s+/)
      .filter(Boolean)
      .flatMap((one) => [option, one]),
  });
const when =
  (...args: string[]): Translate =>
  (value) =>
    isOff(value) ? {} : { args };

const translations: Record<string, Translate> = {
  'index-url': (value) => ({ args: ['--index-url', value] }),
  'extra-index-url': each('--extra-index-url'),
  'find-links': each('--find-links'),
  'no-index': when('--no-index'),
  'trusted-host': each('--allow-insecure-host'),
  constraint: each('--constraints'),
  'no-deps': when('--no-deps'),
  pre: when('--prerelease', 'allow'),
  'require-hashes': when('--require-hashes'),
  cert: (value) => ({ env: { SSL_CERT_FILE: value } }),
  'client-cert': (value) => ({ env: { SSL_CLIENT_CERT: value } }),
  proxy: (value) => ({ env: { HTTPS_PROXY: value, HTTP_PROXY: value } }),
};

const isOff = (value: string): boolean => /^(0|false|no|off|n|f|)$/i.test(value);

/** Variables of uv about how it works, not what it installs. */
const ownVariablePattern =
  /^UV_(CACHE_DIR|NO_CACHE|HTTP_TIMEOUT|HTTP_RETRIES|CONCURRENT_\w+|LINK_MODE|NATIVE_TLS|SYSTEM_CERTS)$/;

/**
 * @param listed lines of `pip config list`
 * @param env environment variables for pip
 * @returns undefined if pip has a setting that uv does not support
 */
export function uvSettings(listed: string[], env: Variables): UvSettings | undefined {
  const settings: UvSettings = { args: [], env: ownVariables(env) };
  for (const [name, value] of settingsOf(listed)) {
    const translate = translations[name];
    if (translate) {
      const { args = [], env = {} } = translate(value);
      settings.args.push(...args);
      Object.assign(settings.env, env);
    } else if (!ignored.has(name) && !(name === 'user' && isOff(value))) return undefined;
  }
  return settings;
}

/** pip's effective settings: variables override section [install], which overrides [global]. */
function settingsOf(listed: string[]): Map<string, string> {
  const ranks = ['global', 'install', ':env:'];
  const found = new Map<string, { rank: number; value: string }>();
  for (const line of listed) {
    const [, section = '', name = '', quote = '', text = ''] =
      /^([\w:]+)\.([\w-]+)=(['"])(.*)\3$/.exec(line.trim()) ?? [];
    const rank = ranks.indexOf(section);
    if (rank < 0 || rank < (found.get(name)?.rank ?? 0)) continue;
    const value = text.replace(/\\(n|t|\\|'|")/g, (_, one) => ({ n: '\n', t: '\t' })[one as 'n'] ?? one);
    if (quote !== '') found.set(name, { rank, value: value.trim() });
  }
  return new Map([...found].map(([name, { value }]) => [name, value]));
}

function ownVariables(env: Variables): Variables {
  const own = Object.entries(env).filter(
    ([name]) => !name.startsWith('UV_') || ownVariablePattern.test(name),
  );
  const bundle = env.REQUESTS_CA_BUNDLE || env.CURL_CA_BUNDLE;
  return { ...Object.fromEntries(own), ...(bundle && !env.SSL_CERT_FILE ? { SSL_CERT_FILE: bundle } : {}) };
}
