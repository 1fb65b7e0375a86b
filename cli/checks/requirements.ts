/** Checks requirements.txt: can it be read, is it installed, what would be left out. */

import { makePlan } from '../../adapters/local/environments/environment-plan.ts';
import { venvMissing } from '../../adapters/local/environments/install/install-errors.ts';
import {
  type LocalEnvironments,
  requiresPythonNotice,
} from '../../adapters/local/environments/local-environments.ts';
import { allows } from '../../adapters/local/environments/python/requires-python.ts';
import { syntaxErrors } from '../../adapters/local/environments/requirements/check-syntax.ts';
import { readRequirements } from '../../adapters/local/environments/requirements/read-requirements.ts';
import { unsupportedLists } from '../../adapters/local/environments/requirements/unsupported-files.ts';
import { ProjectInvalid } from '../../core/errors/errors.ts';
import { plural } from '../../core/format/numbers.ts';
import { type Check, checked, note, ok } from './check.ts';

const what = 'requirements.txt';

/** @param hasPython whether the Python that config.yaml names is installed */
export async function requirementsChecks(
  environments: LocalEnvironments,
  project: string,
  python: string | null,
  hasPython: boolean,
  hint: string,
): Promise<Check[]> {
  let fenced = 0;
  const first = await checked(what, async () => {
    const { entries } = await readRequirements(project);
    const faults = syntaxErrors(entries);
    if (faults.length > 0) throw new ProjectInvalid(faults.join('\n'));
    fenced = entries.filter((entry) => entry.fenced && entry.isPackage).length;
    const interpreter = hasPython ? await environments.interpreter(python, project) : undefined;
    const plan = interpreter && (await makePlan(project, interpreter));
    const wanted = plan?.entries ?? entries;
    const asked = wanted.filter(({ isPackage }) => isPackage).length;
    const unread = await unsupportedLists(project);
    if (unread) return note(`there is none, and ${unread.files.join(' and ')} is not read`, unread.hint);
    if (asked === 0) return ok('nothing to install');
    const isInstalled = interpreter && (await environments.find({ project, python })) !== undefined;
    if (interpreter && !isInstalled && !interpreter.venv) throw venvMissing(interpreter);
    const of = wanted[0]?.file === 'pyproject.toml' ? ' of pyproject.toml' : '';
    const { requiresPython } = plan ?? {};
    if (requiresPython && !allows(requiresPython, interpreter!.version))
      return note(requiresPythonNotice(requiresPython, interpreter!.version));
    return ok(
      `${plural(asked, 'package')}${of}, ${isInstalled ? 'installed' : 'installed when a run first needs them'}`,
    );
  });
  if (fenced === 0) return [first];
  const servers = `has ${plural(fenced, 'package')} of the predecessor's servers: those that no module imports are left out`;
  return [first, { what, ...note(servers, hint) }];
}
