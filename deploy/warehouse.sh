#!/bin/sh
# The command `warehouse` of a server: as the services' own user, with the services' settings.
set -eu
if [ "$(id -u)" != 0 ]; then
    echo "warehouse: as root, please: sudo warehouse $*" >&2
    exit 1
fi
set -a
. /etc/cluster-warehouse/warehouse.env
set +a
umask 077
export HOME=/var/lib/cluster-warehouse PYTHONDONTWRITEBYTECODE=1
# Where that user may not be, root's own folder for one, nothing could be opened.
exec setpriv --reuid=warehouse --regid=warehouse --init-groups --no-new-privs -- \
    sh -c '[ -x . ] || cd "$HOME"; exec "$0" "$@"' /opt/cluster-warehouse/.venv/bin/warehouse "$@"
