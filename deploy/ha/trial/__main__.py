"""The trial: see trial.sh, and the README beside it."""

import sys
import threading
import time

import guard
from books import Books
from cluster import Cluster
from ledger import Ledger
from machines import Failed, House, say, until
from mothers import EVERYBODY, Mothers
from service import Service

# The whole of it, in seconds.
LIMIT = 1200
# So many women are enrolled, and have a tip due in the course of the trial.
ENROLLED = 150
# … one woman's after the other's, within so many seconds.
DUE_WITHIN = 150


class Prober:
    """Writes on one machine, through its own socket, as one who does not know that it is cut off."""

    def __init__(self, machine):
        self.machine, self.said = machine, []
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.write, daemon=True)
        self.thread.start()

    def write(self):
        number = 0
        while not self.stopping.is_set():
            number -= 1
            began = time.monotonic()
            done = self.machine.psql(f"INSERT INTO trial.ledger VALUES ({number}, '{self.machine.name}')", patience=3)
            said = "silence" if done is None else "acknowledged" if done[0] == 0 else done[1]
            self.said.append((began, time.monotonic(), said))
            self.stopping.wait(0.3)

    def stop(self):
        self.stopping.set()
        self.thread.join(10)

    def acknowledged_after(self, moment):
        return sum(1 for began, _, said in self.said if began > moment and said == "acknowledged")

    def tried_after(self, moment):
        return sum(1 for began, _, _ in self.said if began > moment)

    def read_only_since(self, moment):
        return next((ended for began, ended, said in self.said if began > moment and "read-only" in said), None)


class Trial:
    """Blow after blow, and what was seen of each."""

    def __init__(self, house):
        self.house, self.cluster = house, Cluster(house)
        self.books, self.ledger, self.mothers = Books(house.database), Ledger(house.database), Mothers()
        self.rows, self.faults = [], []

    def run(self):
        try:
            for act in (self.begin, self.killed, self.cut_off, self.crashed, self.standby_killed, self.alone,
                        self.handed_over, self.end):
                act()
        except Failed as failure:
            raise Failed("; ".join([*self.faults, str(failure)])) from failure
        if self.faults:
            raise Failed("; ".join(self.faults))
        say("balances")

    def begin(self):
        begin = time.monotonic()
        for machine in self.house.machines:
            machine.start_etcd()
        until("etcd is well", lambda: all(one.etcd_is_well() for one in self.house.machines), 60)
        for machine in self.house.machines:
            machine.start_patroni()
        self.cluster.until_whole()
        self.cluster.make_database()
        self.house.start_proxy()
        until("a writer reaches the primary through HAProxy", self.ledger.make, 20)
        say(f"three machines after {time.monotonic() - begin:.0f} s: {self.cluster.told()}")
        self.service = Service(self.house, EVERYBODY)
        self.service.start()
        self.mothers.enroll(ENROLLED)
        until("all answered", lambda: self.books.quiet(0), 60)
        self.tips = self.books.make_due(DUE_WITHIN)
        if self.tips != ENROLLED:
            raise Failed(f"{self.tips} women are enrolled, not {ENROLLED}")
        self.ledger.start()
        self.mothers.start()
        say(f"{ENROLLED} women are enrolled; the load begins")
        self.steady(10)

    def steady(self, seconds):
        """Nothing happens but the load."""
        time.sleep(seconds)

    def killed(self):
        """Everything that the primary's machine runs is killed, as when its power goes."""
        old, at = self.cluster.primary(), time.monotonic()
        say(f"{old.name} is killed: PostgreSQL, Patroni and etcd")
        old.kill()
        self.answered_again(at)
        new = until("a new primary", self.cluster.primary, 30)
        self.steady(10)
        old.start()
        self.stays(new)
        self.healed(f"primary killed: {old.name} → {new.name}", at, "restarted, follows")

    def cut_off(self):
        """The primary runs on and reaches nobody; then it is put back."""
        old = self.cluster.primary()
        prober = Prober(old)
        self.steady(2)
        at = time.monotonic()
        say(f"{old.name} is cut off, and the dispatcher is killed")
        old.cut()
        self.service.kill_dispatcher()
        self.answered_again(at)
        new = until("a new primary", self.cluster.primary, 30)
        if self.house.namespaces:
            until("the old primary has stepped down", lambda: prober.read_only_since(at), 60)
        self.steady(10)
        down = prober.read_only_since(at)
        seen = f"stepped down after {down - at:.1f} s" if down else "stood still"
        old.heal()
        self.stays(new)
        prober.stop()
        wrote = prober.acknowledged_after(at)
        seen += f", {wrote} of its {prober.tried_after(at)} own writes acknowledged"
        if wrote:
            self.faults.append(f"{old.name} acknowledged {wrote} writes after it was cut off")
        self.service.until_ready()
        self.healed(f"primary cut off: {old.name} → {new.name}", at, seen)

    def crashed(self):
        """PostgreSQL alone dies; its Patroni lives and starts it again, or lets another take over."""
        old, at = self.cluster.primary(), time.monotonic()
        say(f"{old.name}: PostgreSQL is killed, Patroni lives")
        old.crash()
        self.answered_again(at)
        new = until("a primary", self.cluster.primary, 30)
        seen = "started again" if new is old else "replaced"
        self.healed(f"PostgreSQL killed: {old.name} → {new.name}", at, seen)

    def standby_killed(self):
        """The synchronous standby's machine dies: the other one takes its place."""
        primary, standby = self.cluster.primary(), self.cluster.machine("sync_standby")
        say(f"{standby.name}, the synchronous standby, is killed")
        standby.kill()
        at = time.monotonic()
        self.answered_again(at)
        self.steady(10)
        standby.start()
        self.healed(f"synchronous standby killed: {standby.name}", at, f"{primary.name} stays the primary")
        if self.cluster.primary() is not primary:
            self.faults.append("a standby's death moved the primary")

    def alone(self):
        """Both standbys die: what cannot be in two places is not acknowledged."""
        primary = self.cluster.primary()
        others = [machine for machine in self.house.machines if machine is not primary]
        say(f"{others[0].name} and {others[1].name}: PostgreSQL and Patroni are killed, etcd lives")
        for machine in others:
            machine.kill(etcd=False)
        at = time.monotonic()
        self.steady(15)
        back = time.monotonic()
        alone = self.ledger.acknowledged_between(at, back)
        if alone:
            self.faults.append(f"{alone} writes were acknowledged without a standby")
        for machine in others:
            machine.start_patroni()
        self.answered_again(back)
        seen = f"{alone} writes acknowledged in the {back - at:.0f} s"
        self.healed(f"both standbys killed, {primary.name} alone", at, seen)

    def handed_over(self):
        """An operator hands the primary's part over, to mend its machine."""
        old, new, at = self.cluster.primary(), self.cluster.machine("sync_standby"), time.monotonic()
        say(f"{old.name} hands over to {new.name}")
        new.hand_over(old)
        self.answered_again(at)
        self.healed(f"handed over: {old.name} → {new.name}", at, "planned")

    def answered_again(self, at):
        until("a webhook is answered 200 again", lambda: self.mothers.first_after(at), 120)
        until("a write is acknowledged again", lambda: self.ledger.first_after(at), 60)

    def stays(self, new):
        """One that comes back follows; it does not take the primary's part away again."""
        self.cluster.until_whole()
        if self.cluster.primary() is not new:
            self.faults.append(f"{new.name} was the primary and lost its part when the old one came back")

    def healed(self, what, at, seen):
        self.cluster.until_whole()
        whole = time.monotonic()
        self.steady(5)
        first, calls = self.mothers.first_after(at), self.mothers.between(at, whole)
        waits = self.mothers.longest_wait(at, whole), self.ledger.longest_wait(at, whole)
        self.rows.append((what, f"{first - at:.1f}", *(f"{wait:.1f}" for wait in waits), f"{whole - at:.0f}",
                          calls.get(200, 0), calls.get(503, 0), calls.get(None, 0),
                          self.mothers.given_up(at, whole), seen))
        other = {code: count for code, count in calls.items() if code not in (200, 503, None)}
        if other:
            self.faults.append(f"{what}: other answers than 200 and 503: {other}")
        say(f"  200 again after {first - at:.1f} s, whole again after {whole - at:.0f} s: {self.cluster.told()}")

    def end(self):
        self.mothers.stop()
        self.ledger.stop()
        say("the load has ended; what is left is handled and sent")
        until("nothing waits", lambda: self.books.quiet(self.tips), 300)
        # Doubts are settled by reports, and after two minutes by the gateway's list. One that takes longer stays listed.
        end = time.monotonic() + 150
        while self.books.doubts() and time.monotonic() < end:
            time.sleep(1)
        figures, faults = self.books.balance(self.mothers, self.service.gateway, self.tips)
        rows, more = self.ledger.balance()
        self.faults += faults + more + self.service.stop()
        self.print(figures, rows)

    def print(self, figures, rows):
        say("")
        head = ("what happened", "200 after", "no 200 for", "no write for", "whole after", "200", "503", "no answer",
                "given up", "seen")
        table = [head, *self.rows]
        widths = [max(len(str(row[column])) for row in table) for column in range(len(head))]
        for row in table:
            first, *others, last = (str(cell) for cell in row)
            others = [cell.rjust(width) for cell, width in zip(others, widths[1:-1])]
            say("  ".join([first.ljust(widths[0]), *others, last]))
        say("(seconds from the blow; what webhooks were answered until all three machines were well again; and what the"
            " provider gave up after 15 s)\n")
        for name, value in [*figures.items(), ("", ""), *rows.items()]:
            say(f"{name:<40}{value:>8}")
        say("")


def main():
    namespaces = sys.argv[1] == "namespaces"
    say("three machines in network namespaces" if namespaces else "three machines on loopback addresses")
    with guard.folder(namespaces) as folder:
        sys.exit(guard.run(lambda: Trial(House(folder, namespaces)).run(), LIMIT))


main()
