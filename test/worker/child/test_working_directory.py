"""Each task has a working directory of its own, with the project's files in it; what it writes there is its output."""
import os
import stat
import unittest

from support import WorkerTest


class PlacesTest(WorkerTest):
    """Tasks say by their file what they do: `FILE` is code of the test."""

    def files_of(self, supervisor, index=0):
        """Output files of a task: a dict from path to content."""
        record = supervisor.records()[index]
        self.assertEqual(record['status'], 'succeeded', record)
        if 'files' not in record:
            return {}
        self.assertEqual([key for key in record if key != 'output'][-2:], ['result', 'files'])
        found = {}
        folder = os.path.join(supervisor.settings['outputs'], record['files']['at'])
        for number, (path, size) in enumerate(record['files']['list']):
            with open(os.path.join(folder, str(number)), 'rb') as file:
                found[path] = file.read().decode()
            self.assertEqual(len(found[path]), size)
        self.assertEqual(len(os.listdir(folder)), len(found))
        return found

    def acts(self, *acts, before='', files=None, **settings):
        """Runs one task for each text of Python code, on one worker, in this order."""
        source = '%s\nimport os, sys, json, time\ndef entrypoint(curr_process_file, output_dir, **_):\n    seen = {}\n    exec(curr_process_file, globals(), {"seen": seen, "output_dir": output_dir})\n    return seen\n'
        supervisor = self.supervisor(self.project(source % before, **(files or {})), **settings)
        supervisor.batch(0, list(acts))
        supervisor.until_batch(0)
        return supervisor

    LOOK = 'seen["names"] = sorted(os.listdir("."))'

    def seen(self, supervisor, index):
        """What a task has seen."""
        record = supervisor.records()[index]
        self.assertEqual(record['status'], 'succeeded', record)
        return record['result']

    def test_files_are_the_tasks_output_and_gone_for_the_next(self):
        supervisor = self.acts(
            'open("a.txt", "w").write("one"); os.makedirs("sub/deep"); open("sub/deep/b.txt", "w").write("two")',
            self.LOOK,
            'open("a.txt", "w").write("three")',
        )
        self.assertEqual(self.files_of(supervisor), {'a.txt': 'one', 'sub/deep/b.txt': 'two'})
        self.assertEqual(self.seen(supervisor, 1)['names'], ['entrypoint.py'])
        self.assertEqual(self.files_of(supervisor, 1), {})
        self.assertEqual(self.files_of(supervisor, 2), {'a.txt': 'three'})

    def test_a_project_file_is_changed_for_one_task_only(self):
        change = 'open("model.txt", "w").write("mine"); open("sub/table.txt", "a").write("more"); os.remove("other.txt")'
        look = 'seen.update({name: open(name).read() for name in ("model.txt", "sub/table.txt", "other.txt")})'
        files = {'model__txt': 'the model', 'sub___table__txt': 'table', 'other__txt': 'other'}
        supervisor = self.acts(look, change, look, 'os.replace("other.txt", "model.txt")', look, files=files)
        usual = {'model.txt': 'the model', 'sub/table.txt': 'table', 'other.txt': 'other'}
        for index in (0, 2, 4):
            self.assertEqual(self.seen(supervisor, index), usual)
        self.assertEqual(self.files_of(supervisor, 1), {'model.txt': 'mine', 'sub/table.txt': 'tablemore'})
        self.assertEqual(self.files_of(supervisor, 3), {'model.txt': 'other'})
        with open(supervisor.settings['project'] + '/model.txt') as file:
            self.assertEqual(file.read(), 'the model')

    def test_written_beside_the_code(self):
        beside = 'open(os.path.join(os.path.dirname(os.path.realpath(__file__)), "x"), "w").write("x"); '
        supervisor = self.acts(
            beside + 'seen["same"] = os.path.dirname(__file__) == os.getcwd() == output_dir == sys.path[0]', self.LOOK
        )
        self.assertEqual(self.seen(supervisor, 0), {'same': True})
        self.assertEqual(self.files_of(supervisor), {'x': 'x'})
        self.assertEqual(self.seen(supervisor, 1)['names'], ['entrypoint.py'])

    def test_folders_links_and_modes_are_what_they_were(self):
        change = 'import shutil; shutil.rmtree("sub"); os.remove("link"); os.symlink("/", "link"); os.chmod("file.txt", 0)'
        look = (
            'seen["read"] = [open("sub/in/a.txt").read(), open("link/a.txt").read(), open("file.txt").read()]; '
            'seen["mode"] = os.stat("file.txt").st_mode & 0o600'
        )
        project = self.project(
            'import os\ndef entrypoint(curr_process_file, **_):\n    seen = {}\n    exec(curr_process_file)\n    return seen\n',
            sub___in___a__txt='a', file__txt='f',
        )
        os.symlink('sub/in', project + '/link')
        supervisor = self.supervisor(project)
        supervisor.batch(0, [look, change, look])
        supervisor.until_batch(0)
        for index in (0, 2):
            self.assertEqual(self.seen(supervisor, index), {'read': ['a', 'a', 'f'], 'mode': 0o600})

    def test_files_of_a_failed_attempt_are_dropped(self):
        source = (
            'import os, signal\ndef entrypoint(attempt, curr_process_file, **_):\n'
            '    seen = sorted(os.listdir("."))\n    open("left-%d.txt" % attempt, "w").write("x")\n'
            '    if attempt == 1:\n        if curr_process_file == "raise": raise ValueError\n        os.kill(os.getpid(), signal.SIGKILL)\n'
            '    return {"seen": seen}\n'
        )
        supervisor = self.run_tasks(source, ['raise', 'kill'], max_attempts=2, retry_exceptions=2)
        for index in (0, 1):
            self.assertEqual(self.seen(supervisor, index), {'seen': ['entrypoint.py']})
            self.assertEqual(self.files_of(supervisor, index), {'left-2.txt': 'x'})
        self.assertEqual(len(os.listdir(supervisor.settings['outputs'])), 2)

    def test_a_new_child_finds_everything_as_it_was(self):
        act = (
            'open("new", "w").close(); open("model.txt", "w").write("M"); os.remove("gone.txt"); os.chmod("sub/a.txt", 0o777); '
            'os.link("same.txt", "hard"); os.remove("sub/deep/b.txt"); os.rmdir("sub/deep"); open("sub/deep", "w").close(); '
            'os.mkdir("d"); os.chdir("d"); os._exit(3)'
        )
        look = (
            'seen["files"] = {os.path.join(folder, name): open(os.path.join(folder, name)).read() for folder, _, names in os.walk(".") '
            'for name in names if name != "entrypoint.py" and "__pycache__" not in folder}; seen["mode"] = os.stat("sub/a.txt").st_mode & 0o777'
        )
        files = {'model__txt': 'm', 'gone__txt': 'g', 'same__txt': 's', 'sub___a__txt': 'a', 'sub___deep___b__txt': 'b'}
        supervisor = self.acts(look, act, look, files=files)
        before = self.seen(supervisor, 0)
        self.assertEqual(len(before['files']), 5)
        self.assertEqual(self.seen(supervisor, 2), before)
        self.assertEqual(len(supervisor.events('worker')), 2)

    def test_too_large_or_too_many(self):
        supervisor = self.acts(
            'open("big.bin", "wb").write(bytes(1001)); open("small", "w").write("s")',
            'open("big.bin", "wb").write(bytes(1000))',
            'open("sparse", "wb").truncate(1 << 40)',
            'for number in range(10001): open(str(number), "w").close()',
            self.LOOK,
            max_output_bytes=1000,
        )
        for index, said in ((0, "'big.bin' (1001 bytes)"), (2, 'max_output_bytes is 1000'), (3, 'more than 10000 files')):
            error = self.error(supervisor.records()[index])
            self.assertEqual((error['class'], error['type']), ('bad-result', 'OutputTooLarge'))
            self.assertIn(said, error['message'])
        self.assertEqual(list(self.files_of(supervisor, 1)), ['big.bin'])
        self.assertEqual(self.seen(supervisor, 4)['names'], ['entrypoint.py'])
        self.assertEqual(len(os.listdir(supervisor.settings['outputs'])), 1)

    def test_links_are_not_followed_out(self):
        secret = self.folder('secret')
        with open(secret + '/key', 'w') as file:
            file.write('secret')
        supervisor = self.acts(
            'open("a", "w").write("content"); os.symlink("a", "to-a"); os.symlink(%r, "to-key"); os.symlink(%r, "to-folder"); '
            'os.symlink("nowhere", "nowhere"); os.mkfifo("pipe"); os.link("a", "hard"); os.link("entrypoint.py", "code")'
            % (secret + '/key', secret),
            self.LOOK,
            keep_output=True,
        )
        files = self.files_of(supervisor)
        code = files.pop('code')
        self.assertIn('def entrypoint', code)
        self.assertEqual(files, {'a': 'content', 'to-a': 'content', 'hard': 'content'})
        output = supervisor.records()[0]['output']
        for name in ("'to-key' (a link", "'to-folder' (a link", "'nowhere' (a link", "'pipe' (no file)"):
            self.assertIn(name, output)
        self.assertEqual(self.seen(supervisor, 1)['names'], ['entrypoint.py'])

    def test_odd_names_and_modes(self):
        supervisor = self.acts(
            'os.mkdir("closed"); open("closed/in", "w").write("i"); os.chmod("closed", 0); '
            'open(b"not-\\xff-utf8", "w").write("n"); open("caf\\xe9\\n..", "w").write("c"); open("set", "w").write("s"); os.chmod("set", 0o4000)',
            self.LOOK,
        )
        self.assertEqual(
            self.files_of(supervisor), {'closed/in': 'i', 'not-\udcff-utf8': 'n', 'caf\xe9\n..': 'c', 'set': 's'}
        )
        self.assertEqual(self.seen(supervisor, 1)['names'], ['entrypoint.py'])
        folder = os.path.join(supervisor.settings['outputs'], supervisor.records()[0]['files']['at'])
        modes = {stat.S_IMODE(os.stat(os.path.join(folder, name)).st_mode) for name in os.listdir(folder)}
        self.assertTrue(all(mode & 0o7600 == 0o600 for mode in modes), modes)

    def test_a_deep_tree(self):
        deep = 'home = os.getcwd()\nfor _ in range(3000):\n    os.mkdir("d"); os.chdir("d")\nos.chdir(home)'
        supervisor = self.acts(deep, self.LOOK)
        self.assertEqual(self.seen(supervisor, 1)['names'], ['entrypoint.py'])

    def test_the_place_itself_is_removed(self):
        gone = 'import shutil; shutil.rmtree(os.getcwd())'
        supervisor = self.acts(gone, self.LOOK, 'os.rename(os.getcwd(), os.getcwd() + "-away")', self.LOOK)
        for index in (0, 1, 2, 3):
            self.seen(supervisor, index)
        for index in (1, 3):
            self.assertEqual(self.seen(supervisor, index)['names'], ['entrypoint.py'])

    def test_another_directory_is_left(self):
        supervisor = self.acts('os.mkdir("d"); os.chdir("d"); open("x", "w").write("x")', self.LOOK)
        self.assertEqual(self.files_of(supervisor), {'d/x': 'x'})
        self.assertEqual(self.seen(supervisor, 1)['names'], ['entrypoint.py'])

    def test_what_importing_writes_is_there_for_every_task(self):
        before = (
            'import os\nos.makedirs("out/plots")\nopen("made.txt", "w").write("made")\n'
            'journal = open("journal.txt", "w"); journal.write("begun;"); journal.flush()\n'
        )
        act = 'open("out/plots/p", "w").write("p"); journal.write("task;"); journal.flush(); seen["made"] = open("made.txt").read(); open("made.txt", "w").close()'
        supervisor = self.acts(act, act, self.LOOK, before=before)
        for index in (0, 1):
            self.assertEqual(self.seen(supervisor, index), {'made': 'made'})
            self.assertEqual(
                self.files_of(supervisor, index), {'out/plots/p': 'p', 'journal.txt': 'begun;task;', 'made.txt': ''}
            )
        self.assertEqual(self.seen(supervisor, 2)['names'], ['entrypoint.py', 'journal.txt', 'made.txt', 'out'])
        self.assertEqual(self.files_of(supervisor, 2), {})

    def test_a_quick_write_below_is_noticed(self):
        act = 'open("sub/x", "w").close()'
        supervisor = self.acts(*[act, 'seen["names"] = os.listdir("sub")'] * 50, files={'sub___a__txt': 'a'})
        for index in range(0, 100, 2):
            self.assertEqual(self.files_of(supervisor, index), {'sub/x': ''})
            self.assertEqual(self.seen(supervisor, index + 1)['names'], ['a.txt'])

    def test_mapped_memory(self):
        act = 'import mmap; file = open("model.txt", "r+b"); memory = mmap.mmap(file.fileno(), 0); memory[:] = b"M"; memory.close(); time.sleep(0.05)'
        supervisor = self.acts(act, 'seen["is"] = open("model.txt").read()', files={'model__txt': 'm'})
        self.assertEqual(self.files_of(supervisor), {'model.txt': 'M'})
        self.assertEqual(self.seen(supervisor, 1), {'is': 'm'})

    def test_modules_imported_by_a_task_are_no_output(self):
        supervisor = self.acts('import later; seen["x"] = later.x', self.LOOK, files={'later__py': 'x = 1'})
        self.assertEqual(self.seen(supervisor, 0), {'x': 1})
        self.assertEqual(self.files_of(supervisor), {})

    def test_large_files_and_folders_are_links(self):
        files = {'many___f%d' % number: 'x' for number in range(10001)}
        project = self.project('import os\ndef entrypoint(**_): return {"n": len(os.listdir("many")), "size": os.stat("big").st_size}', **files)
        with open(project + '/big', 'wb') as file:
            file.truncate(17 << 20)
        supervisor = self.supervisor(project)
        supervisor.batch(0, ['a'])
        supervisor.until_batch(0)
        self.assertEqual(self.seen(supervisor, 0), {'n': 10001, 'size': 17 << 20})
        place = supervisor.settings['working_directory']
        self.assertTrue(os.path.islink(place + '/many'))
        self.assertFalse(os.path.islink(place + '/entrypoint.py'))

    def test_tracebacks_show_the_project(self):
        supervisor = self.acts('raise ValueError(__file__)')
        error = self.error(supervisor.records()[0])
        self.assertIn('File "%s/entrypoint.py"' % supervisor.settings['project'], error['traceback'])
        self.assertNotIn('File "%s' % supervisor.settings['working_directory'], error['traceback'])

    def test_room_is_waited_for(self):
        act = 'open("x", "wb").write(bytes(1000))'
        supervisor = self.acts(act, act, act, output_room=10000)
        self.assertEqual(len(supervisor.records()), 3)
        supervisor = self.supervisor(supervisor.settings['project'], output_room=1500)
        supervisor.batch(0, [act, act, act])
        supervisor.until(lambda message: message.get('index') == 1)
        outputs = supervisor.settings['outputs']
        import shutil

        for record in list(supervisor.records().values()):
            shutil.rmtree(os.path.join(outputs, record['files']['at']))
        supervisor.until_batch(0)


if __name__ == '__main__':
    unittest.main()
