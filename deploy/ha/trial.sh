#!/bin/sh
# Runs the highly available database on this one machine, kills and cuts off its primary under load, and holds the
# accounts against each other. Ends with 0 if they balance. deploy/ha/README.md says what it shows.
#
#     sh deploy/ha/trial.sh
#
# As root the three machines are network namespaces, in which nothing outside can be reached, and everything ends
# with them. As another user, or with MOTHERLINE_HA_LOOPBACK=1, they are loopback addresses, and being cut off is
# played by stopping (SIGSTOP) everything that the machine runs.
#
# MOTHERLINE names the program (default: target/release/motherline, or else target/debug/motherline).
# MOTHERLINE_HA_KEEP=FOLDER keeps every log.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

missing=""
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || missing="$missing postgresql"
[ -x /usr/bin/patroni ] || missing="$missing patroni python3-etcd python3-psycopg2"
# Patroni needs it to speak TLS with an etcd that is named by its address, and does not ask for it.
[ -d /usr/lib/python3/dist-packages/idna ] || missing="$missing python3-idna"
[ -x /usr/bin/etcd ] || missing="$missing etcd-server"
[ -x /usr/bin/etcdctl ] || missing="$missing etcd-client"
[ -x /usr/sbin/haproxy ] || missing="$missing haproxy"
[ -x /usr/bin/openssl ] || missing="$missing openssl"
[ -x /usr/bin/unshare ] || missing="$missing util-linux"
command -v ip >/dev/null 2>&1 || missing="$missing iproute2"
if [ -n "$missing" ]; then
    echo "Installing:$missing"
    as_root=""
    [ "$(id -u)" = 0 ] || as_root="sudo"
    # The packages must not start servers of their own: the trial starts its own.
    policy=/usr/sbin/policy-rc.d
    (
        if [ ! -e "$policy" ]; then
            trap '$as_root rm -f "$policy"' EXIT
            printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
            $as_root chmod +x "$policy"
        fi
        $as_root apt-get update -qq
        # shellcheck disable=SC2086
        DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
    )
fi

# A private network, private mounts and a private list of processes: when its first process ends, all of it is gone.
apart="unshare --net --mount --pid --fork --kill-child --mount-proc"

# Debian's Python, because Patroni's package brings the library for PostgreSQL with it.
if [ "$(id -u)" = 0 ] && [ -z "${MOTHERLINE_HA_LOOPBACK:-}" ] &&
    $apart sh -c 'mount -t tmpfs tmpfs /run && ip netns add probe' 2>/dev/null; then
    $apart /usr/bin/python3 -B "$here/trial" namespaces &
    trial=$!
    # unshare heeds nothing less; and what it started ends with it.
    trap 'kill -KILL "$trial"' INT TERM HUP
    wait "$trial"
else
    exec /usr/bin/python3 -B "$here/trial" loopback
fi
