/** A package in a project's folder whose build needs nothing from an index: it brings its own tool. */

/** Packs `src/`, and what stands in needs.txt is what it needs. */
const tool = `
import os, zipfile
NAME, VERSION = 'oats', '1'
def build_wheel(folder, *others):
    open('built-here', 'w').close()
    info = '%s-%s.dist-info' % (NAME, VERSION)
    file = '%s-%s-py3-none-any.whl' % (NAME, VERSION)
    texts = {name: open(os.path.join('src', name)).read() for name in os.listdir('src') if name.endswith('.py')}
    needs = open('needs-requirements.txt').read().split()
    texts[info + '/METADATA'] = 'Metadata-Version: 2.1\\nName: %s\\nVersion: %s\\n' % (NAME, VERSION) + ''.join('Requires-Dist: %s\\n' % need for need in needs)
    texts[info + '/WHEEL'] = 'Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n'
    texts[info + '/RECORD'] = ''
    texts[info + '/RECORD'] = ''.join('%s,,\\n' % name for name in texts)
    with zipfile.ZipFile(os.path.join(folder, file), 'w') as wheel:
        for name, text in texts.items():
            wheel.writestr(name, text)
    return file
`;

/** Files of the package oats, below a folder; its module `oats` says `text`. */
export function localPackage(under: string, text: string, needs = ''): Record<string, string> {
  const files = {
    'pyproject.toml':
      '[project]\nname = "oats"\nversion = "1"\ndynamic = ["dependencies"]\n' +
      '[build-system]\nrequires = []\nbuild-backend = "tool"\nbackend-path = ["."]\n',
    'tool.py': tool,
    'needs-requirements.txt': needs,
    'src/oats.py': `text = ${JSON.stringify(text)}\n`,
  };
  return Object.fromEntries(Object.entries(files).map(([name, content]) => [`${under}${name}`, content]));
}
