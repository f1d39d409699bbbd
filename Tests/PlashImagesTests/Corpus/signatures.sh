#!/bin/sh
# Makes keys and signatures of every kind in the current directory: KEY.key and NAME.sig for the file `data`.
set -eu

home=$PWD/home
mkdir -m 700 "$home"
trap 'gpgconf --homedir "$home" --kill all; rm -rf "$home"' EXIT
gnupg() { gpg --homedir "$home" --batch --quiet --no-tty --pinentry-mode loopback --passphrase '' "$@"; }
make() { gnupg --faked-system-time "$2" --quick-generate-key "$1" ed25519 sign "$3" 2>/dev/null; }
fingerprint() { gnupg --with-colons --list-keys "=$1" | sed -n 's/^fpr:*\([0-9A-F]*\):$/\1/p' | head -n 1; }
subkey() { gnupg --faked-system-time 20200102T000000 --quick-add-key "$(fingerprint "$1")" "$2" sign "$3" 2>/dev/null; }
edit() { gpg --homedir "$home" --quiet --no-tty --command-fd 0 --edit-key "=$1" >/dev/null 2>&1; }
sign() { name=$1 key=$2; shift 2; gnupg --yes -u "=$key" "$@" --output "$name.sig" --detach-sign data; }
repeat() { python3 -c 'import sys; sys.stdout.buffer.write(open(sys.argv[1], "rb").read() * int(sys.argv[2]))' "$@"; }
public() { gnupg --export "=$1" >"$1.key"; }

printf 'the data\r\nthat are signed\n' >data
printf 'other data\n' >other
make good 20200101T000000 none
make stranger 20200101T000000 none
make expired 20200101T000000 20210101T000000
make revoked 20200101T000000 none
subkey stranger ed25519 none
gnupg --quick-generate-key rsa1024 rsa1024 sign none 2>/dev/null
gnupg --quick-generate-key rsa2048 rsa2048 sign none 2>/dev/null
for key in encrypting no-longer gone; do make $key 20200101T000000 none; done
subkey encrypting rsa2048 none
subkey no-longer ed25519 20210101T000000
subkey gone ed25519 none

sign good good
sign armored good --armor
sign stranger stranger
sign expired-key expired --faked-system-time 20200601T000000
sign expired-signature good --faked-system-time 20200601T000000 --default-sig-expire 30d --ask-sig-expire
sign future good --faked-system-time 20991231T000000
sign sha1 good --digest-algo SHA1 --allow-weak-digest-algos
sign sha512 good --digest-algo SHA512
sign text good --textmode
sign rsa2048 rsa2048
sign rsa1024 rsa1024
sign md5 rsa2048 --digest-algo MD5 --allow-weak-digest-algos
sign tomorrow good --faked-system-time "$(date -ud 20hours +%Y%m%dT%H%M%S)"
sign after-tomorrow good --faked-system-time "$(date -ud 28hours +%Y%m%dT%H%M%S)"
sign encrypting encrypting
sign gone gone
sign no-longer no-longer --faked-system-time 20200601T000000
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
{ cat armored.sig; echo between; cat armored.sig; } >text-between.sig
sed '2s/^/payload\n/' armored.sig >text-in-head.sig
sed '4s/^/#!*\n/' armored.sig >text-inside.sig
{ cat good.sig; cat data; } >packet-and-text.sig
printf '\210\002\004\000' >broken.sig
repeat broken.sig 10000 >broken-packets.sig
repeat good.sig 16 >16-packets.sig
repeat good.sig 17 >17-packets.sig
repeat good.sig 10000 >10000-packets.sig

printf '%s\n' 'key 1' change-usage S E Q save | edit encrypting
printf '%s\n' 'key 1' revkey y 0 '' y save | edit gone
for key in good stranger expired rsa1024 rsa2048 encrypting no-longer gone; do public $key; done
python3 "${0%/*}/uncertify.py" <stranger.key >uncertified.key
gnupg --export-secret-keys =good >secret.key
echo '<html>404 Not Found</html>' >html.key
cat good.key stranger.key >two.key
: >empty.key
certificate=$home/openpgp-revocs.d/$(fingerprint revoked).rev
sed 's/^:-----/-----/' "$certificate" | gnupg --import 2>/dev/null
public revoked
