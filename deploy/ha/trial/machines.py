"""The machines of the trial: three for the database, and this one, which runs HAProxy and the service.

Each database machine runs etcd, Patroni and, under it, PostgreSQL, with the very files that `prepare.sh` makes. A
machine is a network namespace, or, where there can be none, a loopback address.
"""

import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
NODES = ["db1", "db2", "db3"]
ROOT = os.geteuid() == 0


class Failed(Exception):
    """The trial cannot go on, or does not show what it should."""


def say(text):
    print(text, flush=True)


def until(what, look, patience):
    """Waits until there is something to see."""
    end = time.monotonic() + patience
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() > end:
            raise Failed(f"after {patience} seconds still not: {what}")
        time.sleep(0.2)


def children():
    """Who is whose child: {parent: [child, …]}, the dead left out."""
    found = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat") as file:
                state, parent = file.read().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state != "Z":
            found.setdefault(int(parent), []).append(int(name))
    return found


def family(pid, tree):
    """A process and everything below it."""
    found = [pid]
    for child in tree.get(pid, []):
        found += family(child, tree)
    return found


class Machine:
    """One database machine."""

    def __init__(self, house, name, address):
        self.house, self.name, self.address = house, name, address
        self.folder = os.path.join(house.folder, name)
        self.etcd = self.patroni = None

    def command(self, words):
        if self.house.namespaces:
            return ["ip", "netns", "exec", self.name, *words]
        return words

    def start(self):
        """As at boot: etcd, then Patroni, which starts PostgreSQL."""
        self.start_etcd()
        self.start_patroni()

    def etcd_is_well(self):
        """Asks its etcd whether it has a leader."""
        at = os.path.join(self.folder, "etc")
        words = ["/usr/bin/etcdctl", f"--endpoints=https://{self.address}:2379", f"--cacert={at}/ca.crt",
                 f"--cert={at}/node.crt", f"--key={at}/node.key", "endpoint", "health"]
        return subprocess.run(words, env={"ETCDCTL_API": "3"}, stdin=subprocess.DEVNULL,
                              capture_output=True).returncode == 0

    def start_etcd(self):
        settings = read_settings(os.path.join(self.folder, "etc/etcd.env"))
        self.etcd = self.house.start(f"{self.name}-etcd", self.command(as_postgres(["/usr/bin/etcd"])), settings)

    def start_patroni(self):
        settings = read_settings(os.path.join(self.folder, "etc/secrets.env"))
        words = ["/usr/bin/patroni", os.path.join(self.folder, "etc/patroni.yml")]
        words = self.command(as_postgres(words))
        self.patroni = patroni = self.house.start(f"{self.name}-patroni", words, settings)

        def again():
            # systemd's part: Restart=always, RestartSec=5.
            patroni.wait()
            time.sleep(5)
            if self.patroni is patroni:
                say(f"  {self.name}: Patroni ended by itself and is started again")
                self.start_patroni()

        threading.Thread(target=again, daemon=True).start()

    def postmaster(self):
        """PostgreSQL's first process; none if it does not run."""
        try:
            with open(os.path.join(self.folder, "data/postmaster.pid")) as file:
                pid = int(file.readline())
            with open(f"/proc/{pid}/stat") as file:
                return None if file.read().rpartition(")")[2].split()[0] == "Z" else pid
        except (OSError, ValueError):
            return None

    def processes(self, etcd=True):
        """The ids of everything it runs."""
        tree = children()
        first = [self.patroni.pid] if self.patroni else []
        first += [self.etcd.pid] if etcd and self.etcd else []
        first += [self.postmaster()] if self.postmaster() else []
        return list(dict.fromkeys(pid for one in first for pid in family(one, tree)))

    def kill(self, etcd=True):
        """kill -9 to all of it, as when the power goes."""
        doomed, self.patroni = self.processes(etcd), None
        signal_all(doomed, signal.SIGKILL)
        if etcd:
            self.etcd.wait()
            self.etcd = None
        until(f"{self.name} is dead", lambda: not any(os.path.exists(f"/proc/{pid}") for pid in doomed), 10)

    def crash(self):
        """kill -9 to PostgreSQL alone."""
        signal_all(family(self.postmaster(), children()), signal.SIGKILL)

    def cut(self):
        """Takes it off the network; without namespaces it stands still instead."""
        if self.house.namespaces:
            run(["ip", "link", "set", f"to-{self.name}", "down"])
        else:
            self.stopped = self.processes()
            signal_all(self.stopped, signal.SIGSTOP)

    def heal(self):
        """Puts it back."""
        if self.house.namespaces:
            run(["ip", "link", "set", f"to-{self.name}", "up"])
        else:
            signal_all(self.stopped, signal.SIGCONT)

    def hand_over(self, old):
        """An operator's command, given here: this machine becomes the primary in place of the old one."""
        at = os.path.join(self.folder, "etc/patroni.yml")
        run(self.command(as_postgres(["/usr/bin/patronictl", "-c", at, "switchover", "motherline", "--leader",
                                      old.name, "--candidate", self.name, "--force"])))

    def psql(self, sql, patience=4, database="motherline"):
        """Asks its own PostgreSQL through the socket, network or not: the exit code and what it said; None if it
        did not answer in time."""
        words = as_postgres(["/usr/bin/psql", "-X", "-q", "-A", "-t", "-h", os.path.join(self.folder, "run"),
                             "-U", "postgres", "-d", database, "-v", "ON_ERROR_STOP=1", "-c", sql])
        try:
            done = subprocess.run(words, capture_output=True, text=True, timeout=patience, cwd="/",
                                  stdin=subprocess.DEVNULL)
        except subprocess.TimeoutExpired:
            return None
        return done.returncode, (done.stdout + done.stderr).strip()


class House:
    """All machines, and this one."""

    def __init__(self, folder, namespaces):
        self.folder, self.namespaces = folder, namespaces
        net = "192.0.2" if namespaces else "127.0.0"
        if namespaces:
            self.wire(net)
        else:
            free([("127.0.0.1", port) for port in (5000, 8080, 8081, 8090)])
            free([(f"{net}.{11 + number}", port) for number in range(3) for port in (2379, 2380, 5432, 8008)])
        os.mkdir(os.path.join(self.folder, "logs"))
        self.machines = [Machine(self, name, f"{net}.{11 + number}") for number, name in enumerate(NODES)]
        self.prepare()

    def wire(self, net):
        """Namespaces joined by a bridge, on addresses reserved for examples; nothing leads out of here."""
        run(["ip", "link", "set", "lo", "up"])
        run(["ip", "link", "add", "bridge", "type", "bridge"])
        run(["ip", "address", "add", f"{net}.1/24", "dev", "bridge"])
        run(["ip", "link", "set", "bridge", "up"])
        for number, name in enumerate(NODES):
            run(["ip", "netns", "add", name])
            run(["ip", "link", "add", f"to-{name}", "type", "veth", "peer", "name", "eth0", "netns", name])
            run(["ip", "link", "set", f"to-{name}", "master", "bridge", "up"])
            run(["ip", "-n", name, "link", "set", "lo", "up"])
            run(["ip", "-n", name, "address", "add", f"{net}.{11 + number}/24", "dev", "eth0"])
            run(["ip", "-n", name, "link", "set", "eth0", "up"])

    def prepare(self):
        """The files as a ministry gets them, each machine's in its own folder."""
        made = os.path.join(self.folder, "made")
        services = "192.0.2.1/32" if self.namespaces else "127.0.0.0/8"
        addresses = [f"{machine.name}={machine.address}" for machine in self.machines]
        for machine in self.machines:
            at = machine.folder
            run(["sh", os.path.join(HERE, "../prepare.sh"), made, *addresses, f"services={services}",
                 f"folder={at}/etc", f"data={at}/data", f"etcd_data={at}/etcd", f"pgpass={at}/run/pgpass",
                 f"sockets={at}/run", f"haproxy_folder={made}/service",
                 f"etcd={os.environ.get('MOTHERLINE_HA_ETCD', 'etcd')}"])
            os.makedirs(os.path.join(at, "run"))
            shutil.copytree(os.path.join(made, machine.name), os.path.join(at, "etc"))
            # PostgreSQL and etcd want what is theirs to be theirs alone.
            os.mkdir(os.path.join(at, "data"), 0o700)
            os.mkdir(os.path.join(at, "etcd"), 0o700)
            if not self.namespaces:
                # On loopback everybody calls from the same address; and whoever is not root is not postgres either.
                path = os.path.join(at, "etc/patroni.yml")
                with open(path) as file:
                    text = file.read().replace("/32 scram", "/8 scram")
                if not ROOT:
                    text = text.replace("local all postgres peer", "local all postgres trust")
                with open(path, "w") as file:
                    file.write(text)
            if ROOT:
                owner = pwd.getpwnam("postgres")
                for path, folders, files in os.walk(at):
                    for one in [path, *(os.path.join(path, file) for file in files)]:
                        os.chown(one, owner.pw_uid, owner.pw_gid)
                # As the README has it: root's, and readable by both through Debian's group for keys.
                key = os.path.join(at, "etc/node.key")
                os.chown(key, 0, grp.getgrnam("ssl-cert").gr_gid)
                os.chmod(key, 0o640)
        self.authority = os.path.join(made, "service/motherline-db-ca.crt")
        self.database = read_settings(os.path.join(made, "service/secrets.env"))["MOTHERLINE_DATABASE_URL"]
        with open(os.path.join(made, "service/global.cfg"), "w") as file:
            file.write("global\n    log stderr format raw local0 notice\ndefaults\n    log global\n")

    def start_proxy(self):
        made = os.path.join(self.folder, "made/service")
        words = ["/usr/sbin/haproxy", "-db", "-f", f"{made}/global.cfg", "-f", f"{made}/haproxy.cfg"]
        self.start("haproxy", words, {})

    def start(self, name, words, settings):
        """Starts a process; what it says goes to its own log."""
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", **settings}
        with open(os.path.join(self.folder, "logs", f"{name}.log"), "a") as log:
            return subprocess.Popen(words, env=environment, cwd="/", stdin=subprocess.DEVNULL, stdout=log,
                                    stderr=subprocess.STDOUT, start_new_session=True)


def free(places):
    """On loopback others may be there already."""
    for place in places:
        with socket.socket() as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                one.bind(place)
            except OSError as error:
                raise Failed(f"{place[0]}:{place[1]}: {error.strerror}") from error


def as_postgres(words):
    """PostgreSQL refuses to run as root; Debian's package brings a user for it."""
    if not ROOT:
        return words
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", *words]


def run(words):
    done = subprocess.run(words, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise Failed(f"{' '.join(words)}: {done.stderr.strip()}")


def signal_all(pids, number):
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass


def read_settings(path):
    """Lines NAME=value, as systemd reads them."""
    with open(path) as file:
        pairs = (line.strip().split("=", 1) for line in file if "=" in line and not line.startswith("#"))
        return dict(pairs)
