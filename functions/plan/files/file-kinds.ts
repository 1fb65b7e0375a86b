/** Kinds of files, by where their column names are: the plan's summary of what was detected. */
import type { FileKind, Plan } from '../../../core/run-store/plan/plan.ts';
import type { Decided, FoundTable } from '../columns/columns-to-tasks.ts';

/** Maximum number of kinds that are counted; most folders have a handful. */
const maxKinds = 200;
const kindsShown = 20;
const namesShown = 30;
const notesShown = 20;

export class Kinds {
  readonly #kinds = new Map<string, FileKind>();
  #others = 0;
  #notes: NonNullable<Plan['notes']> = { count: 0, first: [] };

  add({ file, columns, found, why }: Decided): void {
    if (found?.notes.length) {
      this.#notes.count++;
      const note = found.notes.join('; ');
      if (this.#notes.first.length < notesShown) this.#notes.first.push({ file: file.key, note });
    }
    if (why !== undefined && !found) return;
    const place = found ? shapeOf(found) : '';
    let kind = this.#kinds.get(place);
    if (!kind) {
      if (this.#kinds.size === maxKinds) {
        this.#others++;
        return;
      }
      const table = found && {
        layout: found.layout,
        why: found.why,
        names: found.names.slice(0, namesShown),
      };
      kind = { files: 0, tasks: 0, first: file.key, table: table ?? null };
      this.#kinds.set(place, kind);
    }
    kind.files++;
    kind.tasks += columns.length;
  }

  get kinds(): NonNullable<Plan['kinds']> {
    const all = [...this.#kinds.values()].sort((one, other) => other.files - one.files);
    return { count: all.length + this.#others, first: all.slice(0, kindsShown) };
  }

  get notes(): NonNullable<Plan['notes']> {
    return this.#notes;
  }
}

/** Cache: mostly the same for the next file. */
let last: { layout: object; why: string; shape: string } | undefined;

/** Key of a kind: what its tables have in common; their names may differ. */
export function shapeOf({ layout, why }: Pick<FoundTable, 'layout' | 'why'>): string {
  if (last?.layout === layout && last.why === why) return last.shape;
  const { header, data, delimiter, encoding, replace, columns } = layout;
  const shape = `${header} ${data} ${delimiter} ${encoding} ${replace} ${columns} ${why}`;
  last = { layout, why, shape };
  return shape;
}
