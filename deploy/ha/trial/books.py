"""The accounts held against each other: what the provider was told, what the database holds, what the gateway took."""

import collections
import uuid

import psycopg2

# Accepted, sent, delivered; and in doubt: domain::delivery::State.
ACCEPTED, IN_DOUBT = (4, 5, 6), 3


class Books:
    """Reads the service's tables through HAProxy."""

    def __init__(self, address):
        self.address = address

    def ask(self, sql, *values):
        connection = psycopg2.connect(self.address, connect_timeout=3)
        try:
            cursor = connection.cursor()
            cursor.execute(sql, values)
            rows = cursor.fetchall() if cursor.description else cursor.rowcount
            connection.commit()
            return rows
        finally:
            connection.close()

    def make_due(self, seconds):
        """Every enrolled woman's first tip falls due, one after the other, over so many seconds."""
        return self.ask("""
            WITH turn AS (SELECT id, version, row_number() OVER (ORDER BY id) - 1 AS at, count(*) OVER () AS of
                            FROM enrollments WHERE state = 'active')
            UPDATE agenda a SET enrolled_on = a.enrolled_on - 1, next_on = a.enrolled_on,
                   next_at = now() + turn.at * (%s::float / turn.of) * interval '1 second'
              FROM turn WHERE turn.id = a.enrollment_id AND turn.version = a.version""", seconds)

    def quiet(self, tips):
        """So many tips are planned, and nothing waits to be handled or sent; what is in doubt may be."""
        waiting, planned = self.ask("""
            SELECT (SELECT count(*) FROM inbox WHERE state < 2)
                 + (SELECT count(*) FROM texts WHERE state IN (0, 1, 2)), (SELECT count(*) FROM planned)""")[0]
        return waiting == 0 and planned >= tips

    def doubts(self):
        return self.ask("SELECT count(*) FROM texts WHERE state = 3")[0][0]

    def balance(self, mothers, gateway, tips):
        """The figures, and every fault."""
        figures, faults = {}, []

        def fault(count, what):
            if count:
                faults.append(f"{count} {what}")

        inbox = {sid: (key, state) for key, sid, state in self.ask("SELECT id, provider_id, state FROM inbox")}
        texts = [(uuid.UUID(text), kind, state, answers) for text, kind, state, answers in
                 self.ask("SELECT id, kind, state, inbox_id FROM texts")]
        answers = collections.Counter(answers for *_, answers in texts if answers)
        told = [text for text in mothers.texts if text.accepted]
        untold = [text for text in mothers.texts if not text.accepted]
        figures["texts from women"] = len(mothers.texts)
        figures["  answered 200"] = len(told)
        figures["  given up by the provider"] = len(untold)
        figures["    of them received all the same"] = sum(text.sid in inbox for text in untold)
        fault(sum(text.sid not in inbox for text in told), "texts were answered 200 and are lost")
        fault(sum(state != 2 for _, state in inbox.values()), "texts were not handled")
        fault(sum(answers[key] != 1 for key, _ in inbox.values()), "texts do not have exactly one answer")

        planned = self.ask("SELECT outcome, count(*) FROM planned GROUP BY outcome")
        due = [text for text in texts if text[1] == "tip"]
        figures["tips due"] = tips
        figures["  planned and queued"] = dict(planned).get("queued", 0)
        fault(abs(tips - len(due)), f"more or fewer tips than were due: {dict(planned)}")

        states = collections.Counter(row[2] for row in texts)
        accepted = {text for text, _, state, _ in texts if state in ACCEPTED}
        doubtful = {text for text, _, state, _ in texts if state == IN_DOUBT}
        figures["texts to women"] = len(texts)
        figures["  accepted by the gateway"] = len(accepted)
        figures["  listed in doubt"] = len(doubtful)
        fault(len(texts) - len(accepted) - len(doubtful), f"texts are neither accepted nor in doubt: {dict(states)}")

        taken, summary = gateway.taken(), gateway.summary()
        again = summary["doubles"]["texts_again"] + summary["doubles"]["to_and_body_again"]
        figures["the gateway's own account: taken"] = summary["taken"]
        figures["  its answer lost or spoiled"] = summary["taken"] - summary["answered"] + sum(summary["spoiled"].values())
        figures["  refused or cut, so tried again"] = sum(summary["refused"].values())
        figures["  taken twice"] = again
        figures["  in doubt here, taken there"] = len(doubtful & set(taken))
        fault(again + sum(times - 1 for times in taken.values()), "texts were taken twice")
        fault(len(accepted - set(taken)), "texts count as accepted and were never taken")
        fault(len(set(taken) - accepted - doubtful), "texts were taken and are not known to be")
        return figures, faults
