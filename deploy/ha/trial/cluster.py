"""What the cluster says of itself, asked as HAProxy and an operator would: over Patroni's REST interface."""

import json
import ssl
import urllib.request

from machines import Failed, until


class Cluster:
    """The three as one."""

    def __init__(self, house):
        self.house = house
        self.ssl = ssl.create_default_context(cafile=house.authority)

    def get(self, machine, path):
        try:
            url = f"https://{machine.address}:8008{path}"
            with urllib.request.urlopen(url, timeout=2, context=self.ssl) as answer:
                return json.load(answer)
        except (OSError, ValueError):
            return None

    def primary(self):
        """The machine that says it holds the leader's key; more than one would be the end of the trial."""
        found = [machine for machine in self.house.machines if self.get(machine, "/primary")]
        if len(found) > 1:
            raise Failed(f"two primaries: {', '.join(machine.name for machine in found)}")
        return found[0] if found else None

    def roles(self):
        """{name: role} of those that run and stream."""
        for machine in self.house.machines:
            view = self.get(machine, "/cluster")
            if view:
                well = ("running", "streaming")
                return {one["name"]: one["role"] for one in view["members"] if one.get("state") in well}
        return {}

    def whole(self):
        """All three well, one the primary, one its synchronous standby."""
        roles = self.roles()
        if sorted(roles.values()) != ["leader", "replica", "sync_standby"]:
            return None
        # What they say of themselves may be some seconds old; the primary knows who follows it now.
        primary = self.primary()
        following = primary and primary.psql("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'",
                                             database="postgres")
        return roles if following == (0, "2") else None

    def until_whole(self, patience=120):
        return until("three machines, one primary, one synchronous standby", self.whole, patience)

    def machine(self, role):
        names = [name for name, one in self.roles().items() if one == role]
        return next((one for one in self.house.machines if one.name in names), None)

    def make_database(self):
        """As the README tells an operator to, on the primary."""
        primary = self.primary()
        password = self.house.database.split(":")[2].split("@")[0]
        for sql, database in [(f"CREATE ROLE motherline LOGIN PASSWORD '{password}'", "postgres"),
                              ("CREATE DATABASE motherline OWNER motherline", "postgres")]:
            done = primary.psql(sql, patience=30, database=database)
            if done is None or done[0]:
                raise Failed(f"the database cannot be made: {done}")

    def told(self):
        names = {"leader": "primary", "sync_standby": "synchronous standby", "replica": "standby"}
        return ", ".join(f"{name} {names.get(role, role)}" for name, role in sorted(self.roles().items()))
