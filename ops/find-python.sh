#!/bin/sh
# Print the first Python that Formpost can use: 3.11 or newer, able to make a
# virtual environment. An argument is tried before all others.
for candidate in "$@" python3 python3.13 python3.12 python3.11 python3.14 python; do
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        echo "$candidate"
        exit 0
    fi
done
echo "Formpost needs Python 3.11 or newer with its venv module." >&2
echo "On Debian or Ubuntu: apt-get install python3 python3-venv" >&2
exit 1
