#!/bin/sh
# Practises losing a ledger in PostgreSQL: dumps its database, goes on recording, restores the dump into another database, and proves by root hash that what came back is what
# was dumped. On a private server, started from the binaries on this machine (as nobody when run as root), with the roles of ops/postgres/roles.sql, and gone afterwards.
# Prints one line; ends with another code than 0 when anything differs.
#
#   ops/drill-postgres.sh
set -eu
. "$(dirname "$0")/drill-common.sh"
start_postgres

store() { echo "postgres:Host=$socket;Database=$1;Username=ledger_$2;Search Path=ledger"; }
live=$(store newsroom app)
restored=$(store restored reader)

sql postgres -c 'CREATE DATABASE newsroom'
sql newsroom -f "$top/ops/postgres/roles.sql"
# The owner makes the tables; then the others are cut down to what each needs.
quietly 'the tables cannot be made' ledger store migrate --store "$(store newsroom owner)"
sql newsroom -f "$top/ops/postgres/roles.sql"
quietly 'the practice ledger cannot be made' ledger ingest "$top/seeds/csto-armenia" --origin drill.example/postgres --store "$live"
quietly 'no checkpoint' ledger checkpoint --out "$work/before.checkpoint" --store "$live"
verify "$live"
backed_up=$size
at_backup=$root
ledger questions --json --store "$live" > "$work/questions"

quietly 'the dump fails' "$postgres/pg_dump" -h "$socket" -U ledger -Fc -f "$work/newsroom.dump" newsroom

# Recorded after the backup: lost with the server.
quietly 'the ledger takes no more entries' ledger story open 'After the backup' --slug after --json --store "$live"
lost=$(field id)
quietly 'no second checkpoint' ledger checkpoint --out "$work/after.checkpoint" --store "$live"
verify "$live"
[ "$size" -gt "$backed_up" ] && [ "$root" != "$at_backup" ] || fail 'the ledger has not grown'

sql postgres -c 'CREATE DATABASE restored'
quietly 'the dump cannot be restored' "$postgres/pg_restore" -h "$socket" -U ledger --exit-on-error -d restored "$work/newsroom.dump"
verify "$restored" --checkpoint "$work/before.checkpoint"
[ "$size" = "$backed_up" ] && [ "$root" = "$at_backup" ] || fail "restored were $size entries with root $root; backed up were $backed_up, root $at_backup"
refuses 3 'what was restored has an entry that was recorded after the backup' ledger show "$lost" --store "$restored"
refuses 5 'what was restored passes for the ledger as it was signed after the backup' ledger verify --checkpoint "$work/after.checkpoint" --store "$restored"
ledger questions --json --store "$restored" > "$work/said"
cmp -s "$work/questions" "$work/said" || fail 'what was restored answers otherwise than the ledger did'

# It is whole: people can go on in it, each with no more than the grants they had.
refuses 1 'whoever may only read can write in what was restored' ledger story open 'By a reader' --store "$restored"
quietly 'what was restored takes no entries' ledger story open 'After the restore' --slug restored --store "$(store restored app)"
quietly 'what was restored does not make its lists anew' ledger rebuild --store "$(store restored app)"
verify "$restored"
[ "$size" -gt "$backed_up" ] || fail 'what was restored has not grown'

passed "the dump came back as $backed_up entries with root $at_backup; what was recorded afterwards is missing there, and told by a later checkpoint."
