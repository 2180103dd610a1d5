# Runs a PostgreSQL server, or PgBouncer, for as long as somebody holds the other end of standard input.
# A line on it stops the server, with "crash" as if by a crash; its end means that the owner is gone, and takes the directory too.
# Usage: sh keeper.sh <directory> <server> [arguments]
directory=$1
shift
exec 3<&0

"$@" </dev/null 3<&- >>"$directory/server.log" 2>&1 &
server=$!

{
    if read -r word; then
        case $word in
        crash) kill -QUIT "$server" ;;
        *) kill -INT "$server" ;;
        esac
    else
        : >"$directory/abandoned"
        # PgBouncer before 1.23 ends at once only on the second.
        kill -QUIT "$server"
        kill -TERM "$server"
    fi
} <&3 &
watcher=$!

wait "$server"
kill "$watcher" 2>/dev/null
if [ -e "$directory/abandoned" ]; then
    rm -rf "$directory"
fi
