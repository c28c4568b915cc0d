#!/bin/sh
# Practises losing a ledger in a file: backs one up, goes on recording, restores the backup, and proves by root hash that what came back is what was backed up.
# Prints one line; ends with another code than 0 when anything differs.
#
#   ops/drill-sqlite.sh
set -eu
. "$(dirname "$0")/drill-common.sh"

live="sqlite:$work/live.db"
restored="sqlite:$work/restored.db"
imported="sqlite:$work/imported.db"

quietly 'the practice ledger cannot be made' ledger ingest "$top/seeds/csto-armenia" --origin drill.example/sqlite --store "$live"
quietly 'no checkpoint' ledger checkpoint --out "$work/before.checkpoint" --store "$live"
verify "$live"
backed_up=$size
at_backup=$root
ledger questions --json --store "$live" > "$work/questions"

# Two ways to back up: a file like the ledger's own, and lines of JSON that anybody can check.
quietly 'the backup fails' ledger backup "$work/safe.db" --json --store "$live"
[ "$(field root)" = "$at_backup" ] || fail 'the backup has another root than the ledger'
quietly 'the export fails' ledger export "$work/safe.ndjson" --store "$live"

# Recorded after the backup: lost with the machine.
quietly 'the ledger takes no more entries' ledger story open 'After the backup' --slug after --json --store "$live"
lost=$(field id)
quietly 'no second checkpoint' ledger checkpoint --out "$work/after.checkpoint" --store "$live"
verify "$live"
[ "$size" -gt "$backed_up" ] && [ "$root" != "$at_backup" ] || fail 'the ledger has not grown'

cp "$work/safe.db" "$work/restored.db"
quietly 'the export cannot be imported' ledger import "$work/safe.ndjson" --store "$imported"
for store in "$restored" "$imported"; do
    verify "$store" --checkpoint "$work/before.checkpoint"
    [ "$size" = "$backed_up" ] && [ "$root" = "$at_backup" ] || fail "$store has $size entries and root $root; backed up were $backed_up, root $at_backup"
    refuses 3 "$store has an entry that was recorded after the backup" ledger show "$lost" --store "$store"
    refuses 5 "$store passes for the ledger as it was signed after the backup" ledger verify --checkpoint "$work/after.checkpoint" --store "$store"
    ledger questions --json --store "$store" > "$work/said"
    cmp -s "$work/questions" "$work/said" || fail "$store answers otherwise than the ledger did"
done

# The key is in no backup; put beside what was restored, it signs, and the ledger that was lost would have known the statement as its own.
refuses 1 'a restored ledger signs without its key' ledger checkpoint --store "$restored"
cp "$work/live.db.key" "$work/restored.db.key"
quietly 'the restored ledger does not sign with its key' ledger checkpoint --out "$work/restored.checkpoint" --store "$restored"
verify "$live" --checkpoint "$work/restored.checkpoint"

passed "backup and export came back as $backed_up entries with root $at_backup; $((size - backed_up)) recorded afterwards are missing there, and told by a later checkpoint."
