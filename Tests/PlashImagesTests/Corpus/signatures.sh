#!/bin/sh
# Makes keys and signatures of every kind in the current directory: KEY.key and NAME.sig for the file `data`.
set -eu

home=$PWD/home
mkdir -m 700 "$home"
trap 'gpgconf --homedir "$home" --kill all; rm -rf "$home"' EXIT
gnupg() { gpg --homedir "$home" --batch --quiet --no-tty --pinentry-mode loopback --passphrase '' "$@"; }
make() { gnupg --faked-system-time "$2" --quick-generate-key "$1" ed25519 sign "$3" 2>/dev/null; }
fingerprint() { gnupg --with-colons --list-keys "=$1" | sed -n 's/^fpr:*\([0-9A-F]*\):$/\1/p' | head -n 1; }
sign() { name=$1 key=$2; shift 2; gnupg --yes -u "=$key" "$@" --output "$name.sig" --detach-sign data; }
public() { gnupg --export "=$1" >"$1.key"; }

printf 'the data\r\nthat are signed\n' >data
printf 'other data\n' >other
make good 20200101T000000 none
make stranger 20200101T000000 none
make expired 20200101T000000 20210101T000000
make revoked 20200101T000000 none
gnupg --quick-generate-key rsa rsa1024 sign none 2>/dev/null
gnupg --faked-system-time 20200102T000000 --quick-add-key "$(fingerprint stranger)" ed25519 sign none

sign good good
sign armored good --armor
sign stranger stranger
sign expired-key expired --faked-system-time 20200601T000000
sign expired-signature good --faked-system-time 20200601T000000 --default-sig-expire 30d --ask-sig-expire
sign future good --faked-system-time 20991231T000000
sign sha1 good --digest-algo SHA1 --allow-weak-digest-algos
sign sha512 good --digest-algo SHA512
sign text good --textmode
sign revoked revoked
gnupg -u =good --output other.sig --detach-sign other
gnupg -u =good --output inline.sig --sign data
gnupg -u =good --output inline-other.sig --sign other
gnupg -u =good --output clear.sig --clear-sign data
cat good.sig stranger.sig >good-and-stranger.sig
cat stranger.sig good.sig >stranger-and-good.sig
cat good.sig other.sig >good-and-bad.sig
cat other.sig good.sig >bad-and-good.sig
: >empty.sig
echo '<html>404 Not Found</html>' >html.sig
head -c 40 good.sig >cut.sig
head -c 9000000 /dev/zero | tr '\0' '\210' >large.sig
{ echo before; cat armored.sig; } >text-before.sig
{ cat armored.sig; echo after; } >text-after.sig
cat armored.sig armored.sig >two-armors.sig

for key in good stranger expired; do public $key; done
cat good.key stranger.key >two.key
: >empty.key
certificate=$home/openpgp-revocs.d/$(fingerprint revoked).rev
sed 's/^:-----/-----/' "$certificate" | gnupg --import 2>/dev/null
public revoked
