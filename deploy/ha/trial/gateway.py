"""A gateway that speaks as Twilio does, takes every text, and keeps its own account of them."""

import json
import random
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Gateway:
    """Listens on a port of its own."""

    url = "http://127.0.0.1:8090"

    def __init__(self):
        self.taken, self.lock = [], threading.Lock()
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                with gateway.lock:
                    gateway.taken.append((form["To"], form["Body"]))
                    sid = f"SM{len(gateway.taken):032x}"
                time.sleep(random.uniform(0.02, 0.8))
                self.answer(201, {"sid": sid, "status": "queued"})

            def do_GET(self):
                self.answer(500, {})

            def answer(self, status, value):
                body = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

        self.server = Server(("127.0.0.1", 8090), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def account(self):
        """What it took: [(to, words)], one for each text."""
        with self.lock:
            return list(self.taken)
