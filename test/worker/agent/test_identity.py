"""What an agent needs before it can work: its identity, which its node may give late."""
import http.server
import json
import socket
import threading
import time
import unittest

from gated_test import GatedTest


class Identity(http.server.BaseHTTPRequestHandler):
    """Answers with each of `server.answers` once, with the last for ever: a status, seconds to wait before."""

    def do_GET(self):
        self.server.asked += 1
        status, seconds = self.server.answers[0]
        if len(self.server.answers) > 1:
            self.server.answers.pop(0)
        time.sleep(seconds)
        body = json.dumps({'AccessKeyId': 'pod', 'SecretAccessKey': 'pod', 'Token': 'pod'}).encode()
        try:
            self.send_response(status)
            self.send_header('Content-Length', str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            # Who asked has not waited for it.
            pass

    def log_message(self, *_):
        pass


class Begins(GatedTest):
    def setUp(self):
        super().setUp()
        self.plan(['a'])
        self.token = self.offer(0)
        self.open_gate()
        with socket.socket() as free:
            free.bind(('127.0.0.1', 0))
            self.port = free.getsockname()[1]

    def identity(self, *answers):
        """A server of credentials that begins to listen now."""
        server = http.server.ThreadingHTTPServer(('127.0.0.1', self.port), Identity)
        server.daemon_threads = True
        server.answers, server.asked = list(answers), 0
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server

    def begun_pod(self, **pace):
        uri = 'http://127.0.0.1:%d/v1/credentials' % self.port
        return self.pod(self.gated(), pace=pace, GCD_CREDENTIALS='', AWS_CONTAINER_CREDENTIALS_FULL_URI=uri)

    def test_waits_till_its_identity_is_to_be_had(self):
        pod = self.begun_pod()
        self.until(lambda: pod.log().count('identity') > 2, 'several tries')
        server = self.identity((500, 0), (404, 0), (500, 0), (200, 0))
        self.assertEqual(self.answered(self.token)['succeeded'], 1)
        self.assertEqual(server.asked, 4)
        self.assertIsNone(pod.process.poll())

    def test_waits_for_an_identity_that_comes_slowly(self):
        pod = self.begun_pod()
        self.identity((200, 2), (200, 2), (200, 2), (200, 0))
        self.assertEqual(self.answered(self.token)['succeeded'], 1)
        self.assertIsNone(pod.process.poll())

    def test_says_after_minutes_that_nobody_gives_it_an_identity(self):
        pod = self.begun_pod(identity=0.5)
        self.assertEqual(pod.wait(), 1)
        self.assertIn('no identity from its node', pod.last_words())
        self.assertEqual(self.account.calls('get_object'), [])

    def test_told_to_end_while_it_waits_for_its_identity(self):
        pod = self.begun_pod()
        self.until(lambda: 'identity' in pod.log(), 'a first try')
        pod.terminate()
        self.assertEqual(pod.wait(), 143)

    def test_told_to_end_while_its_request_cannot_be_read(self):
        self.account.fail('get_object', 'SlowDown*')
        pod = self.pod(self.gated())
        self.until(lambda: 'the request' in pod.log(), 'a first try')
        pod.terminate()
        self.assertEqual(pod.wait(), 143)


if __name__ == '__main__':
    unittest.main()
