/** Large inputs that take no disk: a store that lists and reads files which are made up on the spot. */
import type { Body, Store, StoredObject } from '../../core/store.ts';

const header = Buffer.from('Time,Power(W),Temperature(C)\n2020-01-01 00:00,1,2\n');
const digits = 7;

/** A store of so many small tables with one matching column each. */
export class SyntheticData implements Store {
  readonly location = 'synthetic:';
  readonly #count: number;

  constructor(count: number) {
    this.#count = count;
  }

  async *list(prefix: string): AsyncIterable<StoredObject> {
    for (let n = 0; n < this.#count; n++) {
      const key = `site/${String(n).padStart(digits, '0')}.csv`;
      if (key.startsWith(prefix)) yield { key, size: 1000 + ((n * 7919) % 100_000) };
    }
  }

  async *read(): AsyncIterable<Uint8Array> {
    yield header;
  }

  async write(_key: string, _body: Body): Promise<void> {
    throw new Error('synthetic data cannot be written');
  }

  async remove(): Promise<void> {}
}

const worker = (name: string) =>
  `{"event":"worker","worker":"${name}","node":"node-1","hostname":"host","ip":"10.0.0.1","pid":1}\n`;

/** A part of a run with these tasks (every `step`-th from `first` on), in the order of a dispatch by size. */
export function* syntheticPart(first: number, step: number, count: number, name: string): Generator<Buffer> {
  let lines = worker(name);
  // Not the manifest's order: a stride through it, as a dispatch by size would make.
  const own = Math.floor((count - first - 1) / step) + 1;
  const stride = 7919;
  for (let n = 0; n < own; n++) {
    const index = first + step * ((n * stride) % own);
    const start = 1.8e9 + n * 0.01;
    lines += `{"status":"succeeded","index":${index},"task":"0123456789abcdef","attempt":1,"start":${start.toFixed(6)},"end":${(start + 0.0098).toFixed(6)},"cpu":0.009800,"memory":31457280,"result":{"file":"site/${String(index).padStart(digits, '0')}.csv","column":"Power(W)","samples":34560,"mean":${(index % 1000) + 0.25},"max":${(index % 5000) + 0.5},"time_of_max":"2021-06-01 12:00","energy_kWh":1234.5}}\n`;
    if (lines.length > 1 << 20) {
      yield Buffer.from(lines);
      lines = '';
    }
  }
  yield Buffer.from(lines);
}
