# What the backup drills have in common; they read it in with '.'. It sets $top, $work (a folder that goes when the drill ends) and the functions below.
#
# A drill works on a practice ledger of its own, made from the seeds, and touches no other. LEDGER names the command to drill with, by its whole path; without it, the one of this
# source tree is built ($build: how).
drill=$(basename "$0" .sh)
top=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
begun=$(date +%s)
servers=
trap ended EXIT
trap 'exit 130' INT TERM

# What is set for everyday work must not lead a drill to a real ledger, its keys or its database.
unset LEDGER_STORE LEDGER_DB LEDGER_ORIGIN PGHOST PGPORT PGUSER PGPASSWORD PGDATABASE PGSERVICE PGOPTIONS
export LEDGER_AS=Drill XDG_CONFIG_HOME="$work/config"
mkdir "$work/config"

ended() {
    for stop in $servers; do "$stop" > /dev/null 2>&1 || true; done
    rm -rf "$work"
}

# fail REASON: the verdict, with what the last command said.
fail() {
    [ ! -s "$work/said" ] || tail -n 30 "$work/said" | cut -c 1-300 | sed 's/^/    /' >&2
    echo "$drill: FAILED: $1"
    exit 1
}

passed() { echo "$drill: passed in $(( $(date +%s) - begun )) s: $1"; }

# quietly WHAT COMMAND…: runs a command; that it fails is the end of the drill.
quietly() {
    what=$1
    shift
    "$@" > "$work/said" 2>&1 || fail "$what"
}

# ledger ARGUMENTS…: the command under drill.
ledger() { "$LEDGER" "$@"; }

# field NAME: the first member of that name in what the last command said, of JSON as the command indents it.
field() { sed -n 's/^ *"'"$1"'": "\{0,1\}\([^",]*\)"\{0,1\},\{0,1\}$/\1/p' "$work/said" | head -n 1; }

# verify STORE [OPTIONS…]: sets $size and $root of a ledger that holds, with all its lists; otherwise the drill ends.
verify() {
    quietly "$1 does not verify" ledger verify --views --json --store "$@"
    grep -q '"notKept": \[\]' "$work/said" || fail "not all lists of $1 were compared"
    size=$(field size)
    root=$(field root)
    [ -n "$size" ] && [ -n "$root" ] || fail "verify of $1 names no root"
}

# refuses CODE WHAT COMMAND…: a command that has to end with that exit code.
refuses() {
    expected=$1
    what=$2
    shift 2
    code=0
    "$@" > "$work/said" 2>&1 || code=$?
    [ "$code" = "$expected" ] || fail "$what (exit code $code)"
}

# start_postgres: a private server, reached through a socket in $socket by who is called 'ledger'; sets $postgres, the folder of its programs. PostgreSQL refuses to run as root.
start_postgres() {
    postgres=$(ls -d /usr/lib/postgresql/*/bin 2> /dev/null | sort -t / -k 5 -n | tail -n 1)
    [ -n "$postgres" ] || postgres=$(dirname "$(command -v initdb || echo /nowhere/initdb)")
    [ -x "$postgres/initdb" ] || fail 'there is no PostgreSQL server on this machine (Debian: postgresql), and nothing was tried'
    socket="$work/postgres"
    mkdir "$socket"
    as=
    if [ "$(id -u)" = 0 ]; then
        as='setpriv --reuid nobody --regid nogroup --clear-groups'
        chmod 711 "$work"
        chown nobody "$socket"
    fi
    cd "$socket"
    quietly 'PostgreSQL cannot be set up' $as "$postgres/initdb" -D "$socket/data" -U ledger -A trust -E UTF8 --locale C --no-sync
    servers="$servers stop_postgres"
    quietly 'PostgreSQL does not start' $as "$postgres/pg_ctl" -D "$socket/data" -l "$socket/log" -w -o "-k '$socket' -c listen_addresses='' -c fsync=off" start
    cd "$top"
}

stop_postgres() { (cd "$socket" && $as "$postgres/pg_ctl" -D "$socket/data" -m immediate stop); }

# sql DATABASE OPTIONS…: psql there, as the administrator of the private server.
sql() { quietly "psql $*" "$postgres/psql" -X -q -v ON_ERROR_STOP=1 -h "$socket" -U ledger -d "$@"; }

if [ -z "${LEDGER:-}" ]; then
    LEDGER="$top/src/Ledger.Cli/bin/Debug/net10.0/ledger"
    quietly 'the ledger command does not build' dotnet build "$top/src/Ledger.Cli" -v q ${build:-}
fi
