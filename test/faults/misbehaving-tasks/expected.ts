/** What becomes of each task of the project, by its column. */
import { readdirSync, readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';

/** A row with these cells, or a failure. */
export type Expected =
  | { row: Record<string, string | RegExp> }
  | { class: string; type: string | RegExp; message: RegExp; output?: RegExp };

const exception = (type: string, message: RegExp, output?: RegExp): Expected => ({
  class: 'exception',
  type,
  message,
  ...(output && { output }),
});
const crash = (type: string, message: RegExp): Expected => ({ class: 'crash', type, message });
const signalled = (name: string) => crash(name, new RegExp(`ended by ${name}`));
const exited = (code: number) =>
  crash(`exit ${code}`, new RegExp(`ended its process with exit code ${code} `));
const closed = crash('descriptors closed', /descriptors were closed \(os\.closerange\?\)/);
const timeout: Expected = { class: 'timeout', type: 'timeout', message: /longer than task_timeout, 5 s,/ };
const memory: Expected = {
  class: 'out-of-memory',
  type: 'memory limit',
  message: /^The task used \d{3,4} MiB of memory; a worker may use 512 MiB \(memory_per_worker\)/,
};
const badResult = (type: string | RegExp, message: RegExp): Expected => ({
  class: 'bad-result',
  type,
  message,
});
const row = (value: string | RegExp, others: Record<string, string> = {}): Expected => ({
  row: { value, ...others },
});

const unusual: Record<string, Expected> = {
  value_error: exception('ValueError', /^no good$/),
  system_exit: exception('SystemExit', /called sys\.exit\(enough\)/),
  sys_exit: exception('SystemExit', /called sys\.exit\(4\)/),
  sys_exit_zero: exception('SystemExit', /called sys\.exit\(0\)/),
  keyboard_interrupt: exception('KeyboardInterrupt', /raised KeyboardInterrupt/),
  generator_exit: exception('GeneratorExit', /raised GeneratorExit/),
  stop_iteration: exception('StopIteration', /^$/),
  cancelled: exception('asyncio.exceptions.CancelledError', /^$/),
  base_exception: exception('OwnBase', /^not an Exception$/),
  recursion: exception('RecursionError', /^maximum recursion depth exceeded/),
  no_text: exception('Unspeakable', /cannot be read: its __str__ raised OwnBase/),
  no_anything: exception('Unprintable', /cannot be read: its __str__ raised TypeError/),
  surrogate_text: exception('ValueError', /^half .* of a character$/),
  long_message: exception('ValueError', /^\d+ times x$|^x{1000}/),
  cyclic_cause: exception('ValueError', /^one$/),
  deep_cause: exception('ValueError', /^4999$/),
  several_lines: exception('ValueError', /^'=1\+1\n"quoted", and\nmore$/),

  exit_0: exited(0),
  exit_3: exited(3),
  c_exit: exited(5),
  replace_itself: exited(0),
  segfault: signalled('SIGSEGV'),
  abort: signalled('SIGABRT'),
  kill_itself: signalled('SIGKILL'),
  kill_its_group: signalled('SIGKILL'),
  terminate_itself: signalled('SIGTERM'),
  close_everything: closed,
  close_everything_and_reopen: closed,
  thread_that_ends_the_process_later: exited(9),

  // Without them no Python code can go on, the worker's own included.
  break_builtins: exited(1),

  hang: timeout,
  spin: timeout,
  ignore_signals_and_hang: timeout,
  stop_itself: timeout,
  hang_with_children: timeout,
  catch_everything: timeout,

  eat: memory,
  eat_fast: {
    class: 'out-of-memory',
    type: /^(memory limit|MemoryError)$/,
    message: /512 MiB \(memory_per_worker\)/,
  },
  eat_at_once: {
    class: 'out-of-memory',
    type: 'MemoryError',
    message: /512 MiB \(memory_per_worker\); its peak was \d+ MiB/,
  },
  eat_in_child: memory,

  segfault_by_ctypes: signalled('SIGSEGV'),
  recursion_in_c: signalled('SIGSEGV'),
  null_over_all_descriptors: closed,

  too_large: badResult('OutputTooLarge', /62914560 bytes; max_output_bytes/),
  sparse_and_huge: badResult('OutputTooLarge', /10995116277760 bytes; max_output_bytes/),

  print_200_mb_and_fail: exception(
    'ValueError',
    /^after so many words$/,
    /^x{60000,65535}\nthe last words\n$/,
  ),
  raw_bytes_and_fail: exception('ValueError', /^after raw bytes$/, /^said by .*\n.* raw .*bytes\n$/),

  good_gone_1: {
    class: 'no-data',
    type: 'FileNotFoundError',
    message: /The data file gone\.csv is not there: /,
  },
  good_gone_2: {
    class: 'no-data',
    type: 'FileNotFoundError',
    message: /The data file gone\.csv is not there: /,
  },

  none: badResult('NoneType', /must return a dict .* it returned None; is a `return` missing\?/),
  a_list: badResult('int', /must return a dict .* element 0 of what it returned is of type int/),
  an_object: badResult('object', /must return a dict .* type object/),
  an_exception: badResult('ValueError', /must return a dict .* type ValueError/),
  a_generator: badResult('int', /must return a dict .* element 0 of what it returned is of type int/),
  unknown_value: row('<object object>'),
  cyclic: badResult('dict', /contains itself/),
  deep: badResult(/list|dict/, /nested/),
  raising_items: badResult(/Raising/, /cannot be read: SystemExit: no items/),
  raw_bytes: row("b'\\xff\\xfe'"),
  no_numbers: row('', { b: '', c: '' }),
  fake_scalars: row('2.5', { b: '', c: '2024-02-29T12:00:00' }),
  real_scalars: row('2.5', { b: '7', c: '[1,2]' }),
  decimals: row('12.5', { b: `0.1${'0'.repeat(30)}1` }),
  huge_int: row(/^10{5000}$/),
  dates: row('2024-02-29', { b: '1.5' }),
  long_text: row('50000000 times x'),
  accents: row('5000000 times é'),
  surrogates: row('a\ufffdb'),
  formula: row(`'=1+1\n"quoted", and more`),
  nested: row('{"a":[1,{"b":null}]}'),
  odd_keys: row('', { 1: 'one', null: 'none', '': 'empty', '[1,2]': 'tuple' }),
  other_rows: row('3'),
  named_tuple: row('4'),
  no_fields: { row: { column: '', value: '' } },
  recursion_limit_of_its_own: row('[[[1]]]'),
};

/** What is expected of a column; most tasks, whatever they do, succeed. */
export function expectedOf(column: string): Expected {
  const found = unusual[column] ?? row(String(crc32(column)));
  return 'row' in found ? { row: { column, ...found.row } } : found;
}

const folder = new URL('project/', import.meta.url);

/** The project's Python files, and tables whose columns name what is done with them: good tasks between all others. */
export function hostileProject(): { files: Record<string, string>; columns: string[] } {
  const files: Record<string, string> = {};
  const columns: string[] = [];
  for (const name of readdirSync(folder)) {
    const code = readFileSync(new URL(name, folder), 'utf8');
    files[name] = code;
    if (name === 'entrypoint.py' || name === 'sound.py') continue;
    const acts = [...code.matchAll(/^def ([a-z]\w*)\(\)/gm)]
      .map(([, act]) => act!)
      .filter((act) => act !== 'note');
    const mixed = acts.flatMap((act, index) => [act, `good_${name.slice(0, -3)}_${index}`]);
    columns.push(...mixed);
    // Large files are worked off first: what removes the data of a task is done before that task.
    const rows = name === 'surroundings.py' ? 2000 : 1000;
    files[`data/${name.slice(0, -3)}.csv`] = `${mixed.join()}\n${'1\n'.repeat(rows)}`;
  }
  files['data/gone.csv'] = 'good_gone_1,good_gone_2\n';
  columns.push('good_gone_1', 'good_gone_2');
  return { files, columns };
}
