# Runs a PostgreSQL server for as long as somebody holds the other end of standard input.
# A line on it stops the server; its end means that the owner is gone, and takes the directory too.
# Usage: sh keeper.sh <directory> <server> [arguments]
directory=$1
shift
exec 3<&0

"$@" </dev/null 3<&- >>"$directory/server.log" 2>&1 &
server=$!

{
    if read -r _; then
        kill -INT "$server"
    else
        : >"$directory/abandoned"
        kill -QUIT "$server"
    fi
} <&3 &
watcher=$!

wait "$server"
kill "$watcher" 2>/dev/null
if [ -e "$directory/abandoned" ]; then
    rm -rf "$directory"
fi
