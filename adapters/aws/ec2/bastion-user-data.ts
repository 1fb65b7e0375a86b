/** User data of a bastion: installs kubectl for its cluster, and keeps it up to date. */

const folder = '/opt/gcd-sfn';
const timer = 'gcd-sfn-kubectl';

/**
 * For Amazon Linux 2023, which has the AWS CLI, on x86-64. The cluster may not exist yet when the bastion starts, and may be
 * recreated later: every two minutes a timer checks its version of Kubernetes, and installs the newest kubectl of that
 * version from the Kubernetes project, verified by its published checksum.
 */
export function bastionScript({ cluster, region }: { cluster: string; region: string }): string {
  return `#!/bin/bash
set -euo pipefail
mkdir -p ${folder}

cat > ${folder}/refresh <<'REFRESH'
${refreshScript({ cluster, region })}REFRESH

cat > /usr/local/bin/kubectl <<'KUBECTL'
#!/bin/sh
if ! [ -x ${folder}/kubectl ]; then
  echo ${quoted(`cluster ${cluster} is not ready yet: kubectl comes within two minutes after it is`)} >&2
  exit 1
fi
export KUBECONFIG="\${KUBECONFIG:-${folder}/kubeconfig}"
exec ${folder}/kubectl "$@"
KUBECTL

chmod 755 ${folder}/refresh /usr/local/bin/kubectl

cat > /etc/systemd/system/${timer}.service <<'UNIT'
[Unit]
Description=kubectl for the cluster of gcd-sfn
Wants=network-online.target
After=network-online.target
[Service]
Type=oneshot
ExecStart=${folder}/refresh
UNIT

cat > /etc/systemd/system/${timer}.timer <<'UNIT'
[Timer]
OnBootSec=5
OnUnitInactiveSec=120
[Install]
WantedBy=timers.target
UNIT

systemctl daemon-reload
systemctl enable --now ${timer}.timer
`;
}

/** One word for a shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** The timer's script. @param at folder that it writes to */
export const refreshScript = ({
  cluster,
  region,
  at = folder,
}: {
  cluster: string;
  region: string;
  at?: string;
}): string => `#!/bin/bash
set -euo pipefail
cd ${at}
export HOME=/root AWS_REGION=${quoted(region)}
seen=$(aws eks describe-cluster --name ${quoted(cluster)} --query 'cluster.[status,version,endpoint]' --output text)
read -r status version endpoint <<< "$seen"
if [ "$status" != ACTIVE ] && [ "$status" != UPDATING ]; then exit 0; fi

if [ "$version" != "$(cat version 2>/dev/null || true)" ]; then
  release=$(curl -fsSL --retry 5 "https://dl.k8s.io/release/stable-$version.txt")
  from="https://dl.k8s.io/release/$release/bin/linux/amd64/kubectl"
  curl -fsSL --retry 5 -o kubectl.new "$from"
  echo "$(curl -fsSL --retry 5 "$from.sha256")  kubectl.new" | sha256sum --check --status
  chmod 755 kubectl.new
  mv kubectl.new kubectl
  echo "$version" > version
fi

if [ "$endpoint" != "$(cat endpoint 2>/dev/null || true)" ]; then
  rm -f kubeconfig.new
  aws eks update-kubeconfig --name ${quoted(cluster)} --kubeconfig ${at}/kubeconfig.new
  chmod 644 kubeconfig.new
  mv kubeconfig.new kubeconfig
  echo "$endpoint" > endpoint
fi
`;
