#!/bin/sh
# Practises losing a ledger in EventStoreDB: copies a running node's files, goes on recording, kills the node, starts another on the copy, and proves by root hash that what came
# back is what was copied. On a private node on this machine's loopback, with its views in a private PostgreSQL, and gone afterwards. Prints one line; ends with another code
# than 0 when anything differs. The command under drill has to be built with the engine (-p:EventStoreDb=true).
#
#   EVENTSTORE='/opt/eventstore/EventStore.ClusterNode' ops/drill-eventstore.sh
#
# EVENTSTORE is what starts a node, EventStoreDB 23.10; needs curl.
set -eu
build='-p:EventStoreDb=true'
. "$(dirname "$0")/drill-common.sh"
start_postgres

EVENTSTORE=${EVENTSTORE:-EventStore.ClusterNode}
port=$((20000 + $$ % 10000))
stop_node() { kill -9 "$node"; wait "$node"; }

# start_node DATA: a node of its own cluster, and waits until it answers.
start_node() {
    $EVENTSTORE --insecure --db "$1" --log "$work/log" --node-ip 127.0.0.1 --node-port "$port" --replication-ip 127.0.0.1 --replication-port $((port + 10000)) \
        --disable-log-file=true > "$work/node" 2>&1 &
    node=$!
    tries=0
    until curl -sf -o "$work/said" "http://127.0.0.1:$port/health/live"; do
        tries=$((tries + 1))
        kill -0 "$node" 2> /dev/null && [ "$tries" -lt 600 ] || { tail -n 20 "$work/node" > "$work/said"; fail "the node on $1 does not start"; }
        sleep 0.2
    done
    case $servers in *stop_node*) ;; *) servers="$servers stop_node" ;; esac
}

store() { echo "eventstore:esdb://127.0.0.1:$port?tls=false;views=postgres:Host=$socket;Database=$1;Username=ledger_app"; }
live=$(store live)
restored=$(store restored)

mkdir "$work/data"
start_node "$work/data"
sql postgres -c 'CREATE ROLE ledger_app LOGIN'
sql postgres -c 'CREATE DATABASE live OWNER ledger_app'
quietly 'the practice ledger cannot be made' ledger ingest "$top/seeds/csto-armenia" --origin drill.example/eventstore --store "$live"
quietly 'no checkpoint' ledger checkpoint --out "$work/before.checkpoint" --store "$live"
verify "$live"
backed_up=$size
at_backup=$root
ledger questions --json --store "$live" > "$work/questions"

quietly 'the copy fails' "$top/ops/backup-eventstore.sh" "$work/data" "$work/backup"

# Recorded after the backup: lost with the node.
quietly 'the ledger takes no more entries' ledger story open 'After the backup' --slug after --json --store "$live"
lost=$(field id)
quietly 'no second checkpoint' ledger checkpoint --out "$work/after.checkpoint" --store "$live"
verify "$live"
[ "$size" -gt "$backed_up" ] && [ "$root" != "$at_backup" ] || fail 'the ledger has not grown'
stop_node 2> "$work/said" || true

cp "$work/backup/chaser.chk" "$work/backup/truncate.chk"
start_node "$work/backup"
# The lists are no part of the backup: they are made anew from the entries, in an empty database.
sql postgres -c 'CREATE DATABASE restored OWNER ledger_app'
ledger questions --json --store "$restored" > "$work/said" || fail 'what was restored cannot be read'
cmp -s "$work/questions" "$work/said" || fail 'what was restored answers otherwise than the ledger did'
verify "$restored" --checkpoint "$work/before.checkpoint"
[ "$size" = "$backed_up" ] && [ "$root" = "$at_backup" ] || fail "restored were $size entries with root $root; backed up were $backed_up, root $at_backup"
refuses 3 'what was restored has an entry that was recorded after the backup' ledger show "$lost" --store "$restored"
refuses 5 'what was restored passes for the ledger as it was signed after the backup' ledger verify --checkpoint "$work/after.checkpoint" --store "$restored"
quietly 'what was restored takes no entries' ledger story open 'After the restore' --slug restored --store "$restored"
verify "$restored"
[ "$size" -gt "$backed_up" ] || fail 'what was restored has not grown'

passed "the copied files came back as $backed_up entries with root $at_backup; what was recorded afterwards is missing there, and told by a later checkpoint."
