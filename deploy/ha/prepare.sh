#!/bin/sh
# Makes what each machine of the highly available database needs: settings, certificates, passwords.
#
#     sh deploy/ha/prepare.sh OUT db1=192.0.2.11 db2=192.0.2.12 db3=192.0.2.13 services=192.0.2.0/28
#
# OUT gets the folders db1, db2 and db3, one for each database machine, service for the machines that run
# Motherline, and authority, whose key signs certificates and belongs on no machine: put it away safely.
# `services` are the addresses from which Motherline connects. Nothing that is there is overwritten, except the
# settings; so certificates and passwords stay when it is run again.
#
# More may be told by NAME=value: version (PostgreSQL's), etcd (which API of etcd Patroni speaks: etcd or etcd3),
# and where things lie: folder, data, etcd_data, pgpass, sockets, haproxy_folder.
set -eu
umask 077

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
[ $# -ge 5 ] || { sed -n '2,13s/^# \{0,1\}//p' "$0" >&2; exit 2; }
out=$1
shift
db1='' db2='' db3='' services='' version='' etcd=etcd folder=/etc/motherline-db data='' etcd_data=/var/lib/etcd/default
pgpass=/var/lib/postgresql/patroni.pgpass sockets=/var/run/postgresql haproxy_folder=/etc/haproxy
for pair in "$@"; do
    case $pair in
        db1=* | db2=* | db3=* | services=* | version=* | etcd=* | folder=* | data=* | etcd_data=* | pgpass=* | \
            sockets=* | haproxy_folder=*)
            name=${pair%%=*}
            value=${pair#*=}
            case $value in
                *[!A-Za-z0-9./:_-]*) echo "prepare.sh: $name has a character that does not belong there" >&2; exit 2 ;;
            esac
            eval "$name=\$value"
            ;;
        *) echo "prepare.sh: no such setting: ${pair%%=*}" >&2; exit 2 ;;
    esac
done
for name in db1 db2 db3 services; do
    eval "value=\$$name"
    [ -n "$value" ] || { echo "prepare.sh: $name= is missing" >&2; exit 2; }
done
if [ -z "$version" ]; then
    # What this machine has, or else what Debian 12 has.
    version=$(find /usr/lib/postgresql -mindepth 1 -maxdepth 1 -type d 2>/dev/null | sed 's:.*/::' | sort -n | tail -1)
    version=${version:-15}
fi
data=${data:-/var/lib/postgresql/$version/motherline}

mkdir -p "$out/authority" "$out/db1" "$out/db2" "$out/db3" "$out/service"

# Letters and digits, 32 of them: as strong as they need to be, and safe in an address.
password() {
    openssl rand -hex 16
}

keep() { # FILE: what is written to it, unless it is there
    if [ -e "$1" ]; then cat >/dev/null; else cat >"$1"; fi
}

# The authority signs these three machines' certificates and nothing else, for ten years.
cd "$out/authority"
if [ ! -e ca.crt ]; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj "/CN=Motherline database" \
        -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign,cRLSign" \
        -keyout ca.key -out ca.crt 2>/dev/null
fi
password | keep replication
password | keep rewind
password | keep motherline
cd - >/dev/null

certificate() { # NODE ADDRESS
    [ ! -e "$out/$1/node.crt" ] || return 0
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$1" \
        -keyout "$out/$1/node.key" -out "$out/$1/node.csr" 2>/dev/null
    # 127.0.0.1 because that is the address at which Motherline reaches it, through HAProxy.
    printf '%s\n' "basicConstraints=CA:FALSE" "keyUsage=critical,digitalSignature" \
        "extendedKeyUsage=serverAuth,clientAuth" "subjectAltName=DNS:$1,IP:$2,IP:127.0.0.1" >"$out/$1/node.ext"
    openssl x509 -req -in "$out/$1/node.csr" -CA "$out/authority/ca.crt" -CAkey "$out/authority/ca.key" \
        -CAcreateserial -days 3650 -extfile "$out/$1/node.ext" -out "$out/$1/node.crt" 2>/dev/null
    rm "$out/$1/node.csr" "$out/$1/node.ext"
}

fill() { # TEMPLATE NODE ADDRESS OTHER THIRD: the template with its @NAMES@ filled in
    sed -e "s|@OTHER@|$4|g" -e "s|@THIRD@|$5|g" -e "s|@NODE@|$2|g" -e "s|@ADDRESS@|$3|g" -e "s|@DB1@|$db1|g" -e "s|@DB2@|$db2|g" -e "s|@DB3@|$db3|g" \
        -e "s|@SERVICES@|$services|g" -e "s|@VERSION@|$version|g" -e "s|@FOLDER@|$folder|g" -e "s|@DATA@|$data|g" \
        -e "s|@ETCD_DATA@|$etcd_data|g" -e "s|@PGPASS@|$pgpass|g" -e "s|@SOCKETS@|$sockets|g" \
        -e "s|@ETCD@|$etcd|g" -e "s|@HAPROXY_FOLDER@|$haproxy_folder|g" "$here/$1"
}

for node in db1 db2 db3; do
    case $node in
        db1) set -- "$db1" "$db2" "$db3" ;;
        db2) set -- "$db2" "$db3" "$db1" ;;
        db3) set -- "$db3" "$db1" "$db2" ;;
    esac
    certificate "$node" "$1"
    cp "$out/authority/ca.crt" "$out/$node/ca.crt"
    fill etcd.env "$node" "$@" >"$out/$node/etcd.env"
    fill patroni.yml "$node" "$@" >"$out/$node/patroni.yml"
    cp "$here/patroni.service.conf" "$out/$node/patroni.service.conf"
    printf 'PATRONI_REPLICATION_PASSWORD=%s\nPATRONI_REWIND_PASSWORD=%s\n' \
        "$(cat "$out/authority/replication")" "$(cat "$out/authority/rewind")" >"$out/$node/secrets.env"
done

fill haproxy.cfg service '' '' '' >"$out/service/haproxy.cfg"
cp "$out/authority/ca.crt" "$out/service/motherline-db-ca.crt"
# For motherline's secrets.env.
printf 'MOTHERLINE_DATABASE_URL=postgres://motherline:%s@127.0.0.1:5000/motherline?sslmode=verify-full&sslrootcert=%s\n' \
    "$(cat "$out/authority/motherline")" "$haproxy_folder/motherline-db-ca.crt" >"$out/service/secrets.env"
