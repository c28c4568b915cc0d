#!/bin/sh
# Kills a writing ledger (kill -9) at random moments, as often as asked, and looks each time whether anything that was acknowledged is lost,
# doubled or torn, and whether every list is what the entries give.
#
#   ops/kill-test.sh [ROUNDS]      200 without a number
#
# Half of the rounds record from six writers in one process (tests/Ledger.Sqlite.Tests, KillTests); the others interrupt 'ledger ingest'.
set -eu
rounds=${1:-200}
writers=$(( (rounds + 1) / 2 ))
ingests=$(( rounds / 2 ))
top=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$top"
LEDGER_KILL_ROUNDS=$writers dotnet test tests/Ledger.Sqlite.Tests --filter 'FullyQualifiedName~KillTests' --logger 'console;verbosity=detailed' > "$work/writers.log" 2>&1 \
    || { cat "$work/writers.log"; echo "writers: FAILED"; exit 1; }
grep -o '[0-9]* rounds, [0-9]* commands acknowledged.*' "$work/writers.log"

dotnet build src/Ledger.Cli -v q > "$work/build.log" 2>&1 || { cat "$work/build.log"; exit 1; }
ledger() { dotnet "$top/src/Ledger.Cli/bin/Debug/net10.0/ledger.dll" "$@"; }

# What an ingest that nobody interrupts comes to: ids differ from ledger to ledger, counts do not.
counts() { for list in documents quotes claims questions occasions; do ledger "$list" --db "$1" --json | grep -c '"recordedAt"'; done | tr '\n' ' '; }
ledger ingest seeds/csto-armenia --db "$work/whole.db" > "$work/ingest.log" 2>&1
whole=$(counts "$work/whole.db")

round=0
killed=0
lives=0
while [ "$round" -lt "$ingests" ]; do
    lives=$((lives + 1))
    db="$work/life-$lives.db"
    # One ledger is interrupted up to five times, at 0.1 to 1.5 seconds, and then comes to its end.
    for _ in 1 2 3 4 5; do
        [ "$round" -lt "$ingests" ] || break
        round=$((round + 1))
        dotnet src/Ledger.Cli/bin/Debug/net10.0/ledger.dll ingest seeds/csto-armenia --db "$db" > /dev/null 2>&1 &
        child=$!
        sleep "$(awk -v seed="$round$$" 'BEGIN { srand(seed); printf "%.2f", 0.1 + rand() * 1.4 }')"
        if kill -9 "$child" 2> /dev/null; then killed=$((killed + 1)); fi
        wait "$child" 2> /dev/null || true
        if [ -s "$db" ]; then
            # Killed before its tables were there, it is no ledger yet; the next ingest makes it one.
            ledger verify --db "$db" --views > "$work/verify.log" 2>&1 || grep -q 'is not a ledger' "$work/verify.log" \
                || { cat "$work/verify.log"; echo "ingest: round $round does not verify"; exit 1; }
        fi
    done
    ledger ingest seeds/csto-armenia --db "$db" > "$work/ingest.log" 2>&1 || { cat "$work/ingest.log"; echo "ingest: round $round cannot go on"; exit 1; }
    ledger verify --db "$db" --views > "$work/verify.log" 2>&1 || { cat "$work/verify.log"; echo "ingest: ledger $lives does not verify at its end"; exit 1; }
    [ "$(counts "$db")" = "$whole" ] || { echo "ingest: ledger $lives has $(counts "$db"), and $whole was ingested"; exit 1; }
    rm -f "$db" "$db"-*
done
echo "$round ingests, $killed of them killed, in $lives ledgers: each verified, with its lists, and came to the same documents and findings."
