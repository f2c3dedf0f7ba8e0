"""The gateway: Motherline's own simulator, which speaks as Twilio does, keeps an account, and has its bad moments."""

import csv
import json
import urllib.request
import uuid

from machines import until

URL = "http://127.0.0.1:8090"
# Some answers take long; some texts are refused for a moment, and of some the answer is lost. Every text that was
# taken is reported on, again and again until the report is taken.
LUCK = ["--latency-p50-ms", "80", "--latency-p99-ms", "900", "--report-delay-ms", "300", "--report-tries", "30",
        "--errors", "503=0.01,500-taken=0.005,lost=0.01,reset=0.005,garbage-taken=0.002"]


class Gateway:
    """A process of its own."""

    def __init__(self, house, program, token):
        words = [program, "gateway-simulator", "--listen", URL.removeprefix("http://"), *LUCK]
        house.start("gateway", words, {"MOTHERLINE_SIMULATOR_TOKEN": token})
        until("the gateway listens", self.summary, 20)

    def get(self, path):
        try:
            with urllib.request.urlopen(URL + path, timeout=10) as answer:
                return answer.read().decode()
        except OSError:
            return None

    def summary(self):
        """Its account in numbers."""
        said = self.get("/account")
        return said and json.loads(said)

    def taken(self):
        """How often it took each text: {the text's id: times}."""
        found = {}
        for row in csv.DictReader(self.get("/account/texts").splitlines()):
            # The last 16 bits are the number of the try.
            text = uuid.UUID(int=uuid.UUID(row["reference"]).int & ~0xFFFF)
            found[text] = found.get(text, 0) + int(row["taken"])
        return {text: times for text, times in found.items() if times}
