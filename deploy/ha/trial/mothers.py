"""Women who text, through a provider that behaves as Twilio does: it signs each call, and after a failure tries the
same text again, for fifteen seconds and no longer."""

import base64
import hashlib
import hmac
import http.client
import itertools
import threading
import time
import urllib.parse

from service import OURS, TOKEN, URL

# Numbers reserved for fiction, a hundred an area code.
AREAS = [201, 202, 203, 205, 206, 207, 208, 209, 210, 212, 213, 214, 215, 216, 217, 218, 219, 224, 225, 228, 229,
         231, 234, 239, 240, 248, 251, 252, 253, 254, 256, 260, 262, 267, 269, 270, 276, 281, 301, 302, 303, 304,
         305, 307, 308, 309, 310, 312, 313, 314, 315, 316, 317, 318, 319, 320, 321, 323, 325, 330]
PATH = "/webhooks/twilio/inbound"
PATIENCE = 15
TRIES = 6
WRITERS = 16
# Between two texts of one writer: about ten texts a second of all of them.
PAUSE = 1.5


def number(woman):
    return f"+1{AREAS[woman // 100]}55501{woman % 100:02}"


EVERYBODY = [number(woman) for woman in range(100 * len(AREAS))]


class Text:
    """One text at the provider, and what became of it."""

    def __init__(self, sid, woman, body):
        self.sid, self.woman, self.body = sid, woman, body
        # [(began, ended, status)]; status is none if there was no answer.
        self.tries = []

    @property
    def accepted(self):
        return bool(self.tries) and self.tries[-1][2] == 200


class Mothers:
    """Everything that was texted."""

    def __init__(self):
        self.texts, self.lock = [], threading.Lock()
        self.sids, self.women = itertools.count(1), itertools.count()
        self.stopping = threading.Event()

    def says(self, woman, body):
        """One text, as often as the provider tries it."""
        with self.lock:
            text = Text(f"SM{next(self.sids):032x}", woman, body)
            self.texts.append(text)
        form = {"Body": body, "From": number(woman), "MessageSid": text.sid, "NumMedia": "0", "To": OURS}
        signed = URL + PATH + "".join(name + form[name] for name in sorted(form))
        digest = hmac.new(TOKEN.encode(), signed.encode(), hashlib.sha1).digest()
        headers = {"X-Twilio-Signature": base64.b64encode(digest).decode(),
                   "Content-Type": "application/x-www-form-urlencoded"}
        body, end = urllib.parse.urlencode(form), time.monotonic() + PATIENCE
        while len(text.tries) < TRIES and time.monotonic() < end and not text.accepted:
            if text.tries:
                time.sleep(1)
            began = time.monotonic()
            text.tries.append((began, *post(headers, body)))
        return text

    def enroll(self, women):
        """They enroll, a due date ahead, four texts each; no text may fail."""
        due = time.strftime("%m/%d/%Y", time.gmtime(time.time() + 150 * 86400))
        threads = []
        for woman in (next(self.women) for _ in range(women)):
            def talk(woman=woman):
                for body in ("BABY", due, "YES", "10001"):
                    self.says(woman, body)
            threads.append(threading.Thread(target=talk, daemon=True))
        for few in range(0, len(threads), WRITERS):
            for act in (threading.Thread.start, threading.Thread.join):
                for thread in threads[few:few + WRITERS]:
                    act(thread)

    def start(self):
        self.threads = [threading.Thread(target=self.write, daemon=True) for _ in range(WRITERS)]
        for thread in self.threads:
            thread.start()

    def write(self):
        while not self.stopping.is_set():
            with self.lock:
                woman = next(self.women)
            if woman >= len(EVERYBODY):
                return
            self.says(woman, "HELP")
            self.stopping.wait(PAUSE)

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join(60)

    def tries(self):
        with self.lock:
            texts = list(self.texts)
        return [one for text in texts for one in list(text.tries)]

    def first_after(self, moment):
        """When the first call that began after this moment was answered 200."""
        return min((ended for began, ended, code in self.tries() if code == 200 and began > moment), default=None)

    def longest_wait(self, begin, end):
        """The longest time without a 200 between two moments."""
        good = sorted(ended for _, ended, code in self.tries() if code == 200 and begin < ended < end)
        moments = [begin, *good, end]
        return max(after - before for before, after in zip(moments, moments[1:]))

    def between(self, begin, end):
        """{status: how many} of the calls that ended in this time."""
        found = {}
        for _, ended, code in self.tries():
            if begin <= ended < end:
                found[code] = found.get(code, 0) + 1
        return found

    def given_up(self, begin=0.0, end=float("inf")):
        with self.lock:
            texts = list(self.texts)
        return sum(1 for text in texts if text.tries and not text.accepted and begin <= text.tries[0][0] < end)


def post(headers, body):
    """One call: when it ended, and its status."""
    connection = http.client.HTTPConnection("127.0.0.1", 8080, timeout=PATIENCE)
    try:
        connection.request("POST", PATH, body, headers)
        answer = connection.getresponse()
        answer.read()
        return time.monotonic(), answer.status
    except (OSError, http.client.HTTPException):
        return time.monotonic(), None
    finally:
        connection.close()
