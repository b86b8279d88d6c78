#!/bin/sh
# The command `warehouse` of a server: as the services' own user, with the services' settings.
set -eu
set -a
. /etc/cluster-warehouse/warehouse.env
set +a
umask 077
export HOME=/var/lib/cluster-warehouse PYTHONDONTWRITEBYTECODE=1
program=/opt/cluster-warehouse/.venv/bin/warehouse
[ "$(id -un)" = warehouse ] && exec "$program" "$@"
[ "$(id -u)" = 0 ] || { echo "warehouse: as root, please: sudo warehouse $*" >&2; exit 1; }
exec setpriv --reuid=warehouse --regid=warehouse --init-groups --no-new-privs -- "$program" "$@"
