import { kiloKubeconfig } from "../../../infra/bootstrap/kilo.ts";

/** Where k3s keeps what a node's kubelet calls the API server by: on every node a port of its own loopback address. */
export const kubeletKubeconfig = "/var/lib/rancher/k3s/agent/kubelet.kubeconfig";

/** Where every container finds its service account. */
const account = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Room for WireGuard's headers and IP in IP in packets of 1500 bytes. */
const mtu = 1420;

/** The pods' interfaces: a bridge on every node, addresses from the node's range. */
export const cniConfiguration = JSON.stringify(
  {
    cniVersion: "0.3.1",
    name: "kubernetes",
    plugins: [
      {
        name: "kubernetes",
        type: "bridge",
        bridge: "kube-bridge",
        isDefaultGateway: true,
        forceAddress: true,
        mtu,
        ipam: { type: "host-local" },
      },
      { type: "portmap", snat: true, capabilities: { portMappings: true } },
    ],
  },
  undefined,
  2,
);

/**
 * Writes the agent's kubeconfig. Before there is a pod network, no Service has an address, so the API server's is taken from the node's own
 * kubelet; the token is read from its file again and again, since it is renewed.
 */
export const kubeconfigScript = `set -eu
server=$(sed -n 's/.*server: *//p' ${kubeletKubeconfig} | head -n 1)
cat > ${kiloKubeconfig} <<END
apiVersion: v1
kind: Config
current-context: kilo
contexts:
  - name: kilo
    context: { cluster: kilo, user: kilo }
clusters:
  - name: kilo
    cluster: { server: "$server", certificate-authority: ${account}/ca.crt }
users:
  - name: kilo
    user: { tokenFile: ${account}/token }
END
`;

/** Puts the network plugins and their configuration on the node; the kubelet reports the node ready as soon as it finds them. */
export const pluginScript = `set -eu
cp /opt/cni/bin/* /host/opt/cni/bin/
cp /kilo/cni.json /host/etc/cni/net.d/10-kilo.conflist.new
find /host/etc/cni/net.d -type f ! -name 10-kilo.conflist.new -delete
mv /host/etc/cni/net.d/10-kilo.conflist.new /host/etc/cni/net.d/10-kilo.conflist
`;
