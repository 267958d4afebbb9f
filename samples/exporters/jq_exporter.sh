#!/bin/sh
# An exporter of a shell and jq: appends the records to a file, one JSON object on a line, and syncs it.
# Starting jq for each record makes it slow: it is for a look, or for a trickle.
set -eu
out=${1:?Usage: jq_exporter.sh FILE}
IFS= read -r _start
echo '{"ready":{"protocol":1,"name":"jq_exporter.sh","encoding":"json"}}'
while IFS= read -r frame; do
    case $frame in
    '{"record"'*)
        printf '%s\n' "$frame" | jq -c .record.record >>"$out"
        sync "$out"
        printf '%s\n' "$frame" | jq -c '{ack: {position: .record.position}}'
        ;;
    '{"stop"'*) exit 0 ;;
    '{"flush"'*) ;;
    *)
        echo "jq_exporter.sh: not a frame" >&2
        exit 1
        ;;
    esac
done
