#!/bin/sh
# Copies the files of a running EventStoreDB node, in the order in which its documentation wants them copied, so that the copy is of one moment.
#
#   ops/backup-eventstore.sh DATA BACKUP
#
# DATA is the node's folder of data (the option Db; /var/lib/eventstore in the container), with the index in it as by default; BACKUP is a folder that is not there yet.
# One node that is up to date is enough. Not while a scavenge runs: 'ledger' starts one when words are erased. To restore: stop the node, put BACKUP where DATA was,
# and copy chaser.chk over truncate.chk there.
set -eu
[ $# = 2 ] && [ -f "$1/chaser.chk" ] || { echo "usage: $0 DATA BACKUP, where DATA has a chaser.chk" >&2; exit 2; }
from=$(cd "$1" && pwd)
mkdir "$2"
to=$(cd "$2" && pwd)

copy() { while IFS= read -r file; do mkdir -p "$to/$(dirname "$file")" && cp --sparse=always -p "$from/$file" "$to/$file"; done; }

cd "$from"
if [ -d index ]; then
    find index -type f -name '*.chk' > "$to/files"
    copy < "$to/files"
    find index -type f ! -name '*.chk' > "$to/files"
    copy < "$to/files"
fi
find . -maxdepth 1 -type f -name '*.chk' > "$to/files"
copy < "$to/files"
find . -maxdepth 1 -type f -name 'chunk-*.0*' > "$to/files"
copy < "$to/files"
rm "$to/files"
