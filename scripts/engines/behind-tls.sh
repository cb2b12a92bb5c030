# For the scripts that need another engine, behind TLS on 127.0.0.1. They have a folder `$work`, and a
# function `fail`.

for tool in node npm openssl; do
    command -v "$tool" >/dev/null || fail "\`$tool\` is missing, so nothing was run here"
done
version=$(node --print 'process.versions.node')
[ "${version%%.*}" -ge 20 ] || fail "it needs Node 20 or newer, and this is $version"

# An authority for this run; its key signs one certificate and goes with the folder.
authority() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj '/CN=other engines' \
        -addext 'keyUsage=critical,keyCertSign' -keyout "$work/ca.key" -out "$work/ca.pem"
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=127.0.0.1' \
        -keyout "$work/key.pem" -out "$work/request.pem"
    printf '%s\n' 'subjectAltName=IP:127.0.0.1' 'basicConstraints=critical,CA:FALSE' \
        'keyUsage=critical,digitalSignature' 'extendedKeyUsage=serverAuth' >"$work/extensions"
    openssl x509 -req -days 1 -in "$work/request.pem" -CA "$work/ca.pem" -CAkey "$work/ca.key" \
        -CAcreateserial -extfile "$work/extensions" -out "$work/cert.pem"
}

# What is needed once for each engine of the run: an authority, the packages, and what requests are
# signed with, in the form that ExtendDB asks for.
prepare_engines() {
    authority 2>"$work/openssl" || { cat "$work/openssl" >&2; fail "no certificate could be made"; }
    AWS_ACCESS_KEY_ID=AKIA$(openssl rand -hex 8 | tr a-f A-F)
    AWS_SECRET_ACCESS_KEY=$(openssl rand -hex 20)
    export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
    npm ci --prefix scripts/engines --ignore-scripts --no-audit --no-fund --silent
}

# Starts an engine, which listens on `$engine_port`.
start_engine() {
    : >"$work/out"
    # It lives as long as the writing end of this pipe is open, so never longer than the script.
    rm -f "$work/alive"
    mkfifo "$work/alive"
    node scripts/engines/serve.js "$1" "$work/key.pem" "$work/cert.pem" \
        <"$work/alive" >"$work/out" 2>"$work/log" &
    serving=$!
    exec 3>"$work/alive"
    for _ in $(seq 100); do
        grep -q '^port ' "$work/out" && break
        kill -0 "$serving" 2>/dev/null || break
        sleep 0.1
    done
    engine_port=$(sed -n 's/^port //p' "$work/out")
    [ -n "$engine_port" ] || { cat "$work/log" >&2; fail "$1 did not start"; }
}

# Stops it; `$requests` is how many it was sent.
stop_engine() {
    exec 3>&-
    wait "$serving"
    requests=$(sed -n 's/^requests //p' "$work/out")
}
