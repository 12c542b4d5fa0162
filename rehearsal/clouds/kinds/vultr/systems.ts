/** An operating system that Vultr installs. */
export interface System {
  /** Vultr's number. */
  readonly id: number;
  readonly name: string;
  readonly arch: "x64";
  readonly family: "ubuntu" | "debian" | "almalinux" | "rockylinux";
}

/** Systems to choose from. The numbers of the newest ones are made up: programs look them up by name. */
export const systems: readonly System[] = [
  { id: 1743, name: "Ubuntu 22.04 LTS x64", arch: "x64", family: "ubuntu" },
  { id: 2284, name: "Ubuntu 24.04 LTS x64", arch: "x64", family: "ubuntu" },
  { id: 2790, name: "Ubuntu 26.04 LTS x64", arch: "x64", family: "ubuntu" },
  { id: 2136, name: "Debian 12 x64 (bookworm)", arch: "x64", family: "debian" },
  { id: 2625, name: "Debian 13 x64 (trixie)", arch: "x64", family: "debian" },
  { id: 1868, name: "AlmaLinux 9 x64", arch: "x64", family: "almalinux" },
  { id: 1869, name: "Rocky Linux 9 x64", arch: "x64", family: "rockylinux" },
];
