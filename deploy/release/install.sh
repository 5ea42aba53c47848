#!/bin/sh
# Installs Comity from this unpacked archive. Needs no network and no other program
# than those of every Linux: it checks the files, copies them, and links the command.
#
#   ./install.sh [--prefix /opt/comity] [--bin /usr/local/bin] [--service]
#
# --service also makes the account "comity", /etc/comity, /var/backups/comity and the
# systemd units (as root).
# An installed version is never changed; the link "current" goes to the new one.
set -eu
# Whatever the administrator's own: the account of the node reads what is installed.
umask 022

prefix=/opt/comity
bin=/usr/local/bin
service=no
while [ $# -gt 0 ]; do
  case "$1" in
    --prefix) prefix=$2; shift 2 ;;
    --bin) bin=$2; shift 2 ;;
    --service) service=yes; shift ;;
    *) sed -n '2,10p' "$0" >&2; exit 2 ;;
  esac
done

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
name=$(basename -- "$here")
cd "$here"

if ! sha256sum --check --quiet --strict SHA256SUMS; then
  echo "install: the archive is damaged or was changed; nothing was installed" >&2
  exit 1
fi
if [ -e "$prefix/$name" ]; then
  echo "install: $prefix/$name is there already; nothing was changed" >&2
  exit 1
fi

mkdir -p "$prefix" "$bin"
cp -R "$here" "$prefix/.$name.new"
mv "$prefix/.$name.new" "$prefix/$name"
ln -sfn "$name" "$prefix/current"
ln -sfn "$prefix/current/comity" "$bin/comity"

if [ "$service" = yes ]; then
  id comity >/dev/null 2>&1 ||
    useradd --system --home-dir /var/lib/comity --shell /usr/sbin/nologin comity
  install -d -m 0750 -o root -g comity /etc/comity
  install -d -m 0700 -o comity -g comity /var/backups/comity
  for unit in comity.service comity-backup.service comity-backup.timer; do
    install -m 0644 "deploy/systemd/$unit" "/etc/systemd/system/$unit"
  done
  echo "Then: systemctl daemon-reload; see docs/operating/install.md"
fi
echo "installed $prefix/$name; next: $bin/comity init FOLDER"
