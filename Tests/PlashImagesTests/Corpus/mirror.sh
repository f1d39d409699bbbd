#!/bin/sh
# Makes a server's tree like images.linuxcontainers.org's in ./mirror, signed by a key of its own: ./mirror.key
set -eu

home=$PWD/home
mkdir -m 700 "$home"
trap 'gpgconf --homedir "$home" --kill all; rm -rf "$home"' EXIT
gnupg() { gpg --homedir "$home" --batch --quiet --no-tty --pinentry-mode loopback --passphrase '' "$@" 2>/dev/null; }
sign() { gnupg --yes --armor --output "$1.asc" --detach-sign "$1"; }
gnupg --quick-generate-key 'a mirror' rsa2048 sign none
gnupg --export 'a mirror' >mirror.key

today=$(date -u +%Y%m%d)
mkdir -p mirror/meta/1.0
index=mirror/meta/1.0/index-user
add() {
  path=images/$1/$2/$3/$4/$5
  mkdir -p "mirror/$path" tree/etc tree/dev
  printf '%s\n' "$1 $2 $3 $4 $5" >tree/etc/image
  tar --sort=name -C tree -c . | xz --block-size=4KiB >"mirror/$path/rootfs.tar.xz"
  tar -C meta -cJf "mirror/$path/meta.tar.xz" .
  echo yaml >"mirror/$path/image.yaml"
  (cd "mirror/$path" && sha256sum image.yaml meta.tar.xz rootfs.tar.xz >SHA256SUMS)
  sign "mirror/$path/SHA256SUMS"
  echo "$1;$2;$3;$4;$5;/$path/" >>$index
}
# What lxc's own template asks for.
mkdir meta
echo 'lxc.arch = x' >meta/config
arch=$(dpkg --print-architecture)
add alpine 3.9 "$arch" default "${today}_13:00"
add alpine 3.10 "$arch" default "${today}_12:00"
add alpine 3.10 "$arch" default "${today}_13:00"
add alpine 3.10 other default "${today}_14:00"
add alpine edge "$arch" default "${today}_15:00"
add debian bookworm "$arch" default "${today}_05:24"
add debian trixie "$arch" cloud "${today}_05:24"
add debian trixie "$arch" default "${today}_05:24"
add debian sid "$arch" default "${today}_05:24"
add ubuntu noble "$arch" default "${today}_07:42"
add archlinux current "$arch" default "${today}_04:18"
add centos 9-Stream "$arch" default "${today}_07:08"
add gentoo current "$arch" openrc "${today}_16:07"
cat >>$index <<ODD

half a line
evil;1;$arch;default;${today}_00:00;/images/../../etc/
evil;2;$arch;default;${today}_00:00;http://elsewhere/
evil;3;$arch;def ault;${today}_00:00;/images/x/
;;;;;
$(printf 'evil;\033[2J;%s;default;%s_00:00;/images/x/' "$arch" "$today")
ODD
sign $index
cp $index mirror/meta/1.0/index-system
rm -r tree meta
