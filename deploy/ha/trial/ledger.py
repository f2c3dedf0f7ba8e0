"""Writers with plain SQL, and the account of what they were told: every row that was acknowledged must be there at
the end, whatever happened to the primary in between."""

import threading
import time

import psycopg2

WRITERS = 4
PAUSE = 0.05


class Ledger:
    """What was asked and what was answered. A row's number is never used twice."""

    def __init__(self, address):
        self.address = address
        self.acknowledged, self.refused, self.doubtful = {}, set(), set()
        self.errors = {}
        self.next = 0
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self.write, daemon=True) for _ in range(WRITERS)]

    def connect(self):
        return psycopg2.connect(self.address, connect_timeout=3, options="-c statement_timeout=30s",
                                tcp_user_timeout=5000)

    def make(self):
        sql = "CREATE SCHEMA trial CREATE TABLE ledger (number BIGINT PRIMARY KEY, writer TEXT)"
        try:
            connection = self.connect()
            connection.autocommit = True
            connection.cursor().execute(sql)
        except psycopg2.Error:
            # HAProxy has just started and does not know the primary yet.
            return False
        connection.close()
        return True

    def start(self):
        for thread in self.threads:
            thread.start()

    def write(self):
        connection = None
        while not self.stopping.is_set():
            with self.lock:
                number = self.next
                self.next += 1
            began, sent = time.monotonic(), False
            try:
                if connection is None:
                    connection = self.connect()
                    connection.autocommit = True
                cursor = connection.cursor()
                sent = True
                cursor.execute("INSERT INTO trial.ledger VALUES (%s, 'proxy')", (number,))
                with self.lock:
                    self.acknowledged[number] = (began, time.monotonic())
            except psycopg2.Error as error:
                with self.lock:
                    # Refused by PostgreSQL, or never sent: not written. Anything else may have been.
                    certain = not sent or error.pgcode in ("25006", "57P03", "42501")
                    (self.refused if certain else self.doubtful).add(number)
                    word = (error.pgcode or str(error).strip().splitlines()[0][:60]) if error else ""
                    self.errors[word] = self.errors.get(word, 0) + 1
                if connection is not None:
                    connection.close()
                connection = None
            self.stopping.wait(PAUSE)

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join(40)

    def first_after(self, moment):
        """When the first write that began after this moment was acknowledged."""
        with self.lock:
            ends = [ended for began, ended in self.acknowledged.values() if began > moment]
        return min(ends, default=None)

    def longest_wait(self, begin, end):
        """The longest time without an acknowledgement between two moments."""
        with self.lock:
            good = sorted(ended for _, ended in self.acknowledged.values() if begin < ended < end)
        moments = [begin, *good, end]
        return max(after - before for before, after in zip(moments, moments[1:]))

    def acknowledged_between(self, begin, end):
        with self.lock:
            return sum(1 for began, ended in self.acknowledged.values() if began > begin and ended < end)

    def balance(self):
        """The account against the table: the figures, and every fault."""
        connection = self.connect()
        cursor = connection.cursor()
        cursor.execute("SELECT number FROM trial.ledger WHERE writer = 'proxy'")
        there = {number for number, in cursor.fetchall()}
        connection.close()
        acknowledged = set(self.acknowledged)
        figures = {
            "rows written with plain SQL": len(acknowledged) + len(self.doubtful) + len(self.refused),
            "  acknowledged": len(acknowledged),
            "    of them lost": len(acknowledged - there),
            "  connection lost in the middle": len(self.doubtful),
            "    of them there": len(self.doubtful & there),
            "  refused": len(self.refused),
            "    of them there ": len(self.refused & there),
        }
        faults = []
        if acknowledged - there:
            faults.append(f"{len(acknowledged - there)} acknowledged rows are lost")
        if there - acknowledged - self.doubtful:
            faults.append(f"{len(there - acknowledged - self.doubtful)} rows are there that were refused")
        if not acknowledged:
            faults.append("no row was acknowledged")
        return figures, faults
