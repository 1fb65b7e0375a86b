/** The configuration of a run as lines; what looks like a secret is masked. */
import { fromConfig } from '../../../core/config/from-config.ts';
import { NotFound } from '../../../core/errors/errors.ts';
import { layout } from '../../../core/run-store/layout.ts';
import { readAll, type Store } from '../../../core/store.ts';

export interface Setting {
  /** Keys from the top, joined by dots. */
  key: string;
  value: string;
}

const secretKey =
  /secret|passw|passphrase|pwd$|token|credential|private.?key|api.?key|access.?key|auth(?!or)|signature|cookie|webhook|_key$/i;
/** AWS key ids, keys in PEM, a password inside a URL, tokens of well-known services. */
const secretValue =
  /\b(AKIA|ASIA)[0-9A-Z]{16}\b|-----BEGIN|:\/\/[^/\s:@]*:[^/\s@]+@|\bgh[pousr]_\w{20,}|\bxox[abprs]-|\beyJ[\w-]{10,}\.[\w-]+\./;
const mask = '(hidden)';
const most = { settings: 300, length: 500, depth: 6 };

const isScalar = (value: unknown) => typeof value !== 'object' || value === null;

/** Variables of the workers' environment hold secrets under any name: only their names are shown. */
const isVariable = (path: string[]) => path.length > 1 && path.slice(0, -1).includes('env');

/** Leaves of the value; empty objects and lists, and lists of plain values, are leaves. */
function* leaves(path: string[], value: unknown): Generator<Setting> {
  const key = path.join('.');
  if (
    isVariable(path) ||
    (secretKey.test(path.at(-1) ?? '') && value !== null && typeof value !== 'boolean')
  ) {
    yield { key, value: mask };
  } else if (Array.isArray(value) && value.every(isScalar)) {
    yield { key, value: shown(value.map(shown).join(', ')) };
  } else if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) {
    yield { key, value: shown(value) };
  } else if (path.length === most.depth) {
    yield { key, value: '…' };
  } else {
    for (const [name, inner] of Object.entries(value)) yield* leaves([...path, name], inner);
  }
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  if (secretValue.test(text)) return mask;
  return text.length > most.length ? `${text.slice(0, most.length)}…` : text;
}

/** `config` of `request.json` under the keys of config.yaml; empty if the request has none. */
export async function configuration(store: Store): Promise<Setting[]> {
  try {
    const request = JSON.parse((await readAll(store, layout.request)).toString()) as {
      config?: unknown;
    } | null;
    if (typeof request?.config !== 'object' || request.config === null) return [];
    const settings = fromConfig(request.config as Record<string, unknown>);
    return Array.from(leaves([], settings)).slice(0, most.settings);
  } catch (error) {
    if (error instanceof NotFound) return [];
    throw error;
  }
}
