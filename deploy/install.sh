#!/bin/sh
# Installs the warehouse on a server with systemd and nginx, or upgrades it; run it as often as you
# like. What an operator edits (settings, the site's name, passwords) it never overwrites.
#
#   deploy/install.sh               as root, in the checkout /opt/cluster-warehouse
#   DESTDIR=/tmp/x deploy/install.sh   only lays the files out below /tmp/x
set -eu
umask 022
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
software=$(dirname -- "$here")
root=${DESTDIR:-}

renew() { install -D -m "$1" -- "$2" "$root$3"; }
as_warehouse() {
    if [ -n "$root" ]; then "$@"; else
        setpriv --reuid=warehouse --regid=warehouse --clear-groups -- "$@"
    fi
}
keep() { [ -e "$root$3" ] || renew "$1" "$2" "$3"; }

if [ -z "$root" ]; then
    [ "$(id -u)" = 0 ] || { echo "install.sh: run it as root" >&2; exit 1; }
    [ "$software" = /opt/cluster-warehouse ] || {
        echo "install.sh: the units start /opt/cluster-warehouse; move this checkout there" >&2
        exit 1
    }
    make -C "$software" setup
    "$software/.venv/bin/python" -m compileall -q "$software/sources" "$software/orchestration"
    # Parsed here once, for services that cannot write where the software lies.
    "$software/.venv/bin/python" -c \
        "from orchestration.manifest import prepare_manifest; prepare_manifest()"
fi

for unit in "$here"/systemd/*.service "$here"/systemd/*.target "$here"/systemd/*.timer; do
    renew 644 "$unit" "/etc/systemd/system/${unit##*/}"
done
renew 644 "$here/systemd/warehouse-.service.d/10-hardening.conf" \
    /etc/systemd/system/warehouse-.service.d/10-hardening.conf
renew 644 "$here/systemd/warehouse.sysusers.conf" /usr/lib/sysusers.d/warehouse.conf
renew 755 "$here/warehouse.sh" /usr/local/bin/warehouse
# Root's alone: the proxy is in the group `warehouse`, for its sockets.
settings=/etc/cluster-warehouse/warehouse.env
keep 600 "$here/warehouse.env.example" "$settings"
chmod 600 "$root$settings"

renew 644 "$here/nginx/warehouse.conf" /etc/nginx/sites-available/warehouse
renew 644 "$here/nginx/warehouse/proxy.conf" /etc/nginx/warehouse/proxy.conf
renew 644 "$here/nginx/warehouse/files.conf" /etc/nginx/warehouse/files.conf
for edited in upstreams published; do
    keep 644 "$here/nginx/warehouse/$edited.conf" "/etc/nginx/warehouse/$edited.conf"
done
for edited in host redirect; do
    keep 644 "$here/nginx/warehouse/$edited.conf.example" "/etc/nginx/warehouse/$edited.conf"
done

home=/var/lib/cluster-warehouse
if [ -z "$root" ]; then
    chown root:root "$settings"
    systemd-sysusers
    [ -d "$home" ] || install -d -o warehouse -g warehouse -m 711 "$home"
else
    install -d -m 711 "$root$home"
fi
# Before the first start: only what is there can be hidden from the webservers.
for private in archive build landing objects quarantine rebuilt store waiting; do
    [ -e "$root$home/$private" ] || as_warehouse mkdir -m 700 "$root$home/$private"
done

[ -z "$root" ] || exit 0
for passwords in operators viewers; do
    file=/etc/nginx/warehouse/$passwords.htpasswd
    [ -e "$file" ] || install -m 640 -g www-data /dev/null "$file"
done
systemctl daemon-reload
systemctl enable --quiet warehouse.target
if systemctl is-active --quiet warehouse.target; then
    echo "Installed. When no night runs: systemctl restart warehouse.target"
else
    echo "Installed. Edit /etc/cluster-warehouse/warehouse.env, then: systemctl start warehouse.target"
fi
