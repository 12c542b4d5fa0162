import { dataVolumeSteps, type DataVolumeSteps } from "./data-volume.ts";
import { hostFirewallSteps } from "./host-firewall.ts";
import { memoryGroupSteps } from "./memory-group.ts";
import type { ClusterIdentity, NodeBootstrap } from "./node-bootstrap.ts";
import { apiPort, nodePaths } from "./node-bootstrap.ts";
import { providerIdSteps, type ProviderIdSteps } from "./provider-id.ts";
import { scriptSettings } from "./script-settings.ts";

/**
 * The program that makes a machine a node; POSIX sh, run at every boot. On a machine that is a node already it changes nothing.
 *
 * Control planes are alike: each one asks the others, and the API's host, whether this cluster answers, and joins where it does. Only when
 * nobody answers does the first one by name begin the cluster; the others wait for it.
 */
export function bootstrapScript(bootstrap: NodeBootstrap, identity: ClusterIdentity): string {
  return `${scriptSettings(bootstrap, identity)}${program(providerIdSteps(bootstrap), dataVolumeSteps(bootstrap))}`;
}

/** The same for every node, but for the controllers of its cloud and its data disk; what else differs stands in the variables above it. */
const program = (providerId: ProviderIdSteps, volume: DataVolumeSteps) => `
set -eu
umask 077
phase=begin

say() {
  # A full disk is told by its phase, not by a log that cannot be written.
  printf '%s %s\\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$*" | tee -a ${nodePaths.log} || :
}
enter() {
  phase=$1
  say "phase $phase"
}
fail() {
  say "failed in phase $phase: $*"
  trap - EXIT
  exit 1
}
ended() {
  [ "$1" = 0 ] || say "failed in phase $phase: a command ended with exit code $1"
}
trap 'ended $?' EXIT

# Standard input becomes the file, unless it is the file already.
changed=no
put() {
  mkdir -p "\${1%/*}"
  cat >"$1.new"
  if cmp -s "$1.new" "$1"; then
    rm "$1.new"
  else
    mv "$1.new" "$1"
    changed=yes
  fi
}

# attempt TIMES SECONDS COMMAND: runs it until it succeeds, that often at most.
attempt() {
  left=$1 pause=$2
  shift 2
  until "$@"; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || return 1
    sleep "$pause"
  done
}

${memoryGroupSteps}${hostFirewallSteps}prepare_system() {
  require_memory_group
  open_host_firewall
  swapoff -a || say 'swap cannot be switched off'
  if grep -q '^[^#].*[[:space:]]swap[[:space:]]' /etc/fstab 2>/dev/null; then
    sed -i '/[[:space:]]swap[[:space:]]/s/^[^#]/#&/' /etc/fstab
  fi
  while read -r module; do
    modprobe "$module" || say "the kernel has no module $module: systems that need it will not run here"
  done </etc/modules-load.d/uap.conf
  sysctl -q -p /etc/sysctl.d/90-uap.conf || fail 'the kernel refuses settings of /etc/sysctl.d/90-uap.conf'
  if [ -e /etc/systemd/system/uap-metadata-guard.service ]; then
    systemctl enable --now uap-metadata-guard.service ||
      fail 'the metadata address stays open to pods; see journalctl -u uap-metadata-guard'
  fi
}

find_internal() {
  if [ -n "$private_cidr" ]; then
    found=$(ip -4 -o address show to "$private_cidr" scope global | awk '{ sub("/.*", "", $4); print $2, $4; exit }')
  else
    found=$(default_source)
  fi
  [ -n "$found" ]
}
# The interface and the address that packets to the Internet leave by.
default_source() {
  ip -4 -o route get 1.1.1.1 2>/dev/null |
    awk '{ for (i = 1; i < NF; i++) { if ($i == "dev") dev = $(i + 1); if ($i == "src") src = $(i + 1) } } src { print dev, src }'
}
find_external() {
  case $external in
    interface) external_ip=$(default_source | cut -d ' ' -f 2) ;;
    aws)
      metadata=http://169.254.169.254/latest
      key=$(curl -fsS -m 5 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' "$metadata/api/token") || return 1
      external_ip=$(curl -fsS -m 5 -H "X-aws-ec2-metadata-token: $key" "$metadata/meta-data/public-ipv4") || return 1
      ;;
    *) return 0 ;;
  esac
  [ -n "$external_ip" ]
}
${providerId.functions}find_addresses() {
  attempt 60 2 find_internal ||
    fail "no address in \${private_cidr:-any network} within 2 minutes: is the machine attached to its private network?"
  interface=\${found% *} internal_ip=\${found#* } external_ip=
  attempt 10 3 find_external || fail 'the public address cannot be found: has the machine one?'
  ${providerId.call}put ${nodePaths.addresses} <<END
node-ip: $internal_ip
$([ -z "$external_ip" ] || echo "node-external-ip: $external_ip")
$([ "$network" != flannel ] || echo "flannel-iface: $interface")
$([ "$network $command" != 'flannel server' ] || echo "advertise-address: $internal_ip")
${providerId.setting}END
}

${volume.functions}fetch() {
  reason=$(curl -fsSL --connect-timeout 15 --speed-limit 1024 --speed-time 60 -m 900 -o "$2" "$1" 2>&1) && return 0
  reason="$1: $reason"
  say "$reason"
  return 1
}
download() {
  fetch "$release/$sums" "$folder/sums" && fetch "$release/$binary" "$folder/k3s" || return 1
  expected=$(awk -v name="$binary" '$2 == name { print $1 }' "$folder/sums")
  actual=$(sha256sum "$folder/k3s" | cut -d ' ' -f 1)
  [ "$expected" != "$actual" ] || return 0
  reason="$release/$binary has the checksum $actual, but $sums says \${expected:-nothing}"
  say "$reason"
  return 1
}
install_k3s() {
  # Upgrades are the cluster's own affair: what is there stays.
  [ ! -x /usr/local/bin/k3s ] || return 0
  folder=/usr/local/bin/.k3s-download
  rm -rf "$folder"
  mkdir -p /usr/local/bin
  free=$(df -Pk /usr/local/bin | awk 'NR == 2 { print $4 }')
  [ "$free" -ge 204800 ] || fail "the disk is full: /usr/local/bin has $free KiB left, and k3s needs 204800"
  mkdir -p "$folder"
  attempt 8 15 download || { rm -rf "$folder"; fail "k3s cannot be downloaded: $reason"; }
  chmod 755 "$folder/k3s"
  mv "$folder/k3s" /usr/local/bin/k3s
  rm -rf "$folder"
}

# Whether this very cluster answers at a host: its authority is the one that the token names.
answers() {
  hash=$(curl -kfs --connect-timeout 5 -m 10 "https://$1:${apiPort}/cacerts" | sha256sum)
  [ "\${hash%% *}" = "$authority" ]
}
find_server() {
  for host in $recorded $servers; do
    answers "$host" || continue
    server=$host
    return 0
  done
  return 1
}
join() {
  put ${nodePaths.membership} <<END
server: https://$server:${apiPort}
END
}
begin_cluster() {
  say 'nobody answers: this control plane begins the cluster'
  put ${nodePaths.membership} <<END
cluster-init: true
END
}
choose_cluster() {
  if [ -d /var/lib/rancher/k3s/server/db/etcd ]; then return 0; fi
  recorded=$(sed -n 's,^server: https://\\(.*\\):${apiPort}$,\\1,p' ${nodePaths.membership} 2>/dev/null) || recorded=
  if [ "$alone" = yes ]; then
    begin_cluster
  elif [ "$first" = yes ] && [ -z "$recorded" ]; then
    if attempt 4 10 find_server; then join; else begin_cluster; fi
  elif attempt 90 10 find_server; then
    join
  elif [ -z "$recorded" ]; then
    fail "this cluster answers nowhere, asked for 15 minutes or more: $servers. Is the first control plane up, does the name" \\
      "resolve, and is port ${apiPort} open to this machine? One that is listed under replace begins no cluster beside others."
  fi
}

start_k3s() {
  systemctl enable "$service.service"
  if [ "$changed" = yes ] || ! systemctl is-active --quiet "$service.service"; then
    systemctl restart --no-block "$service.service"
  fi
  attempt 90 10 systemctl is-active --quiet "$service.service" ||
    fail "k3s does not get ready within 15 minutes: journalctl -u $service tells why"
}

enter system
prepare_system
enter addresses
find_addresses
${volume.phase}enter download
install_k3s
enter cluster
choose_cluster
enter start
start_k3s
enter ready
`;
