import type { ChecksumFormat } from "./checksums.ts";
import type { Platform } from "./platform.ts";

/** The programs that a rehearsal runs, by the name of their executable. */
export type ToolName =
  "pulumi" | "etcd" | "kube-apiserver" | "kube-controller-manager" | "kube-scheduler" | "kwok";

/** Where official downloads come from: base addresses without a trailing slash. */
export interface Sites {
  readonly pulumi: string;
  readonly kubernetes: string;
  readonly github: string;
  readonly githubApi: string;
}

/** The vendors' own sites. */
export const OFFICIAL_SITES: Sites = {
  pulumi: "https://get.pulumi.com",
  kubernetes: "https://dl.k8s.io",
  github: "https://github.com",
  githubApi: "https://api.github.com",
};

/** An official download of one executable. */
export interface Download {
  /** Address of the executable, or of a gzipped tar archive that holds it. */
  readonly url: string;
  /** Where the vendor publishes the SHA-256 of that file, and in which format. */
  readonly checksum: { readonly url: string; readonly format: ChecksumFormat };
  /** The executable's path in the archive. Absent when `url` is the executable itself. */
  readonly member?: string;
}

/** How to build one executable from its pinned Go module. */
export interface Build {
  /** Folder under `modules/`, with the go.mod and go.sum that pin every source file. */
  readonly module: string;
  /** The main package. */
  readonly package: string;
  /** Build tags, comma-separated. */
  readonly tags?: string;
  /** Go variables set by the linker, mostly the version that the executable reports. */
  readonly variables: Readonly<Record<string, string>>;
  /** What a first build takes, in seconds: measured on 2 cores, empty build cache, modules downloaded before. */
  readonly seconds: number;
}

/** One row of the toolchain. */
export interface Tool {
  readonly name: ToolName;
  /** The version that is downloaded or built, without a leading `v`. */
  readonly version: string;
  /** The versions that are accepted on PATH, as a semver range. */
  readonly accepts: string;
  /** Arguments that make the executable print its version. */
  readonly versionArguments: readonly string[];
  /** The official download, `undefined` where the vendor publishes none for that platform. */
  readonly download: (platform: Platform, sites: Sites) => Download | undefined;
  readonly build: Build;
}

/** The oldest Go that builds the modules: the `go` line of their go.mod files. */
export const GO_MINIMUM = "1.26";

/** Of the same version as the SDK in package.json; engines are compatible within a major version, upwards. */
const PULUMI = "3.259.0";
/** The minor version is the newest that k3s ships; its API is what the stacks are rehearsed against. */
const KUBERNETES = "1.36.4";
/** The minor version that this Kubernetes is tested with. */
const ETCD = "3.6.14";
const KWOK = "0.8.0";

/** Every tool, by name. A new version is changed here and in `modules/<module>/go.mod`; a test compares the two. */
export const TOOLS: Readonly<Record<ToolName, Tool>> = {
  pulumi: {
    name: "pulumi",
    version: PULUMI,
    accepts: `>=${PULUMI} <4.0.0`,
    versionArguments: ["version"],
    download: pulumiDownload,
    build: {
      module: "pulumi",
      package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
      tags: "osusergo,grpcnotrace",
      variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": `v${PULUMI}` },
      seconds: 133,
    },
  },
  etcd: {
    name: "etcd",
    version: ETCD,
    accepts: "3.6.x",
    versionArguments: ["--version"],
    download: etcdDownload,
    build: { module: "etcd", package: "go.etcd.io/etcd/server/v3", variables: {}, seconds: 30 },
  },
  "kube-apiserver": kubernetesServer("kube-apiserver", 185),
  "kube-controller-manager": kubernetesServer("kube-controller-manager", 43),
  "kube-scheduler": kubernetesServer("kube-scheduler", 5),
  kwok: {
    name: "kwok",
    version: KWOK,
    accepts: "0.8.x",
    versionArguments: ["--version"],
    download: kwokDownload,
    build: { module: "kwok", package: "sigs.k8s.io/kwok/cmd/kwok", variables: {}, seconds: 44 },
  },
};

/** The three servers are built from one module, so that the second and third find most packages compiled. */
function kubernetesServer(
  name: Extract<ToolName, `kube-${string}`>,
  /** @see Build.seconds, after the servers above it in the table. */
  seconds: number,
): Tool {
  const [major = "", minor = ""] = KUBERNETES.split(".");
  const variable = "k8s.io/component-base/version";
  return {
    name,
    version: KUBERNETES,
    accepts: `${major}.${minor}.x`,
    versionArguments: ["--version"],
    download: (platform, sites) => kubernetesDownload(name, platform, sites),
    build: {
      module: "kubernetes",
      package: `k8s.io/kubernetes/cmd/${name}`,
      variables: {
        [`${variable}.gitVersion`]: `v${KUBERNETES}`,
        [`${variable}.gitMajor`]: major,
        [`${variable}.gitMinor`]: minor,
      },
      seconds,
    },
  };
}

/** Pulumi's archives say x64 for amd64, and their checksum file has no `v` before the version. */
function pulumiDownload(platform: Platform, sites: Sites): Download {
  const folder = `${sites.pulumi}/releases/sdk`;
  const architecture = platform.architecture === "amd64" ? "x64" : platform.architecture;
  return {
    url: `${folder}/pulumi-v${PULUMI}-${platform.system}-${architecture}.tar.gz`,
    checksum: { url: `${folder}/pulumi-${PULUMI}-checksums.txt`, format: "list" },
    member: "pulumi/pulumi",
  };
}

/** Kubernetes publishes its servers for Linux only. */
function kubernetesDownload(name: string, platform: Platform, sites: Sites): Download | undefined {
  if (platform.system !== "linux") return undefined;
  const url = `${sites.kubernetes}/release/v${KUBERNETES}/bin/linux/${platform.architecture}/${name}`;
  return { url, checksum: { url: `${url}.sha256`, format: "bare" } };
}

/** On darwin etcd comes as a zip file. Go is needed there in any case, for the Kubernetes servers, and builds etcd too. */
function etcdDownload(platform: Platform, sites: Sites): Download | undefined {
  if (platform.system !== "linux") return undefined;
  const folder = `${sites.github}/etcd-io/etcd/releases/download/v${ETCD}`;
  const name = `etcd-v${ETCD}-linux-${platform.architecture}`;
  return {
    url: `${folder}/${name}.tar.gz`,
    checksum: { url: `${folder}/SHA256SUMS`, format: "list" },
    member: `${name}/etcd`,
  };
}

/** KWOK's releases have no checksum file: GitHub's own digest of each released file stands in for it. */
function kwokDownload(platform: Platform, sites: Sites): Download {
  const repository = "kubernetes-sigs/kwok";
  return {
    url: `${sites.github}/${repository}/releases/download/v${KWOK}/kwok-${platform.system}-${platform.architecture}`,
    checksum: {
      url: `${sites.githubApi}/repos/${repository}/releases/tags/v${KWOK}`,
      format: "github-release",
    },
  };
}
