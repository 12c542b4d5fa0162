# Stands between Node and a tool. It tells the tool's process number on descriptor 3, then waits for whichever ends first:
# the tool, or descriptor 3, which the operating system closes when Node ends, however it ends. In the second case it kills the
# tool. The tool is this shell's child, so that its number stays taken until the shell knows of its end.
#
# Usage: sh guard.sh <command> <arguments>
"$@" 3<&- &
tool=$!
exec >/dev/null 2>&1
echo $tool >&3
{ read -r line <&3; kill -KILL $tool; } &
watcher=$!
wait $tool
status=$?
kill -KILL $watcher
wait $watcher
exit $status
