"""Motherline itself, in two processes, behind HAProxy, in front of a gateway that keeps its own account."""

import json
import os
import shutil
import signal
import threading
import time
import urllib.error
import urllib.request

import gateway
from gateway import Gateway
from machines import HERE, Failed, until

ROOT = os.path.abspath(os.path.join(HERE, "../../.."))
URL = "http://127.0.0.1:8080"
SENDS = "http://127.0.0.1:8081"
ACCOUNT = "AC00000000000000000000000000000000"
TOKEN = "a token for this trial"
OURS = "+12025550100"
WEB, DISPATCHER = "web,scheduler", "dispatcher"


def program():
    """The program under trial."""
    named = os.environ.get("MOTHERLINE")
    places = [named] if named else [os.path.join(ROOT, "target", kind, "motherline") for kind in ("release", "debug")]
    for place in places:
        if os.access(place, os.X_OK):
            return place
    raise Failed(f"no motherline at {' nor '.join(places)}: cargo build --release, or set MOTHERLINE")


class Service:
    """The web and the scheduler in one process, the dispatcher in another, as an operator would part them."""

    def __init__(self, house, numbers):
        self.house = house
        self.folder = os.path.join(house.folder, "motherline")
        os.mkdir(self.folder)
        # A copy: a build beside the trial must not change it half-way.
        self.program = shutil.copy(program(), os.path.join(self.folder, "motherline"))
        self.gateway = Gateway(house, self.program, TOKEN)
        self.library = self.make_library()
        self.config = os.path.join(self.folder, "motherline.toml")
        with open(self.config, "w") as file:
            file.write(CONFIG.format(gateway=gateway.URL, account=ACCOUNT, ours=OURS, numbers=json.dumps(numbers)))

    def make_library(self):
        """The library of this checkout, but its tips are due at any hour: the trial cannot wait for ten o'clock."""
        made = os.path.join(self.folder, "library")
        shutil.copytree(os.path.join(ROOT, "message-library"), made)
        path = os.path.join(made, "programs/text4baby-us.toml")
        with open(path) as file:
            text = file.read()
        for old, new in [('opens = "09:00"', 'opens = "00:00"'), ('closes = "20:00"', 'closes = "23:59"'),
                         ('sunday_opens = "12:00"', 'sunday_opens = "00:00"'), ('"0 0 10 * * *"', '"0 0 0 * * *"'),
                         ("spread_minutes = 60", "spread_minutes = 0")]:
            if old not in text:
                raise Failed(f"the library's program no longer says {old}: mend the trial")
            text = text.replace(old, new)
        with open(path, "w") as file:
            file.write(text)
        return made

    def start(self):
        self.processes, self.stopping = {}, False
        for parts, url in ((WEB, URL), (DISPATCHER, SENDS)):
            self.run(parts, url)
        self.until_ready()

    def run(self, parts, url):
        words = [self.program, "serve", "--only", parts, "--listen", url.removeprefix("http://"), "--config",
                 self.config, "--library", self.library]
        secrets = {"TRIAL_TOKEN": TOKEN, "MOTHERLINE_DATABASE_URL": self.house.database,
                   "RUST_LOG": "info,sqlx=warn"}
        self.processes[parts] = self.house.start(f"motherline-{parts.replace(',', '-')}", words, secrets)

    def kill_dispatcher(self):
        """kill -9, and what systemd does then: it is started again every five seconds until it stays."""
        self.processes[DISPATCHER].kill()

        def again():
            while not self.stopping:
                self.processes[DISPATCHER].wait()
                time.sleep(5)
                if not self.stopping:
                    self.run(DISPATCHER, SENDS)

        threading.Thread(target=again, daemon=True).start()

    def until_ready(self):
        for parts, url in ((WEB, URL), (DISPATCHER, SENDS)):
            until(f"{parts} is ready", lambda url=url: status(f"{url}/health/ready") == 200, 60)

    def stop(self):
        """Ends both as systemd does; gives what was wrong with that, or with the web's life until now."""
        self.stopping = True
        faults = ["the web process has ended by itself"] if self.processes[WEB].poll() is not None else []
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        codes = [process.wait(60) for process in self.processes.values()]
        return faults + [f"after SIGTERM motherline ended with {code}" for code in codes if code]


def status(url):
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


CONFIG = """
[server]
public_url = "http://127.0.0.1:8080"
[database]
url_secret = {{ env = "MOTHERLINE_DATABASE_URL" }}
[[gateway]]
name = "twilio"
kind = "twilio"
account_sid = "{account}"
auth_token = {{ env = "TRIAL_TOKEN" }}
base_url = "{gateway}"
[[sender]]
name = "trial"
gateway = "twilio"
address = "{ours}"
programs = ["text4baby-us"]
# Drafts may go to these numbers, all of them reserved for fiction.
trial = true
test_numbers = {numbers}
segments_per_second = 1000
segments_per_day = 1000000
"""
