import { stringify } from "yaml";

/** A page of the platform that the portal links to. */
export interface PortalLink {
  /** Heading under which the link stands: the title of its layer. */
  readonly group: string;
  readonly title: string;
  readonly description: string;
  /** A web address becomes a link; any other address is shown as text. */
  readonly url: string;
}

/** The files of homepage's configuration folder, all of them: the image would otherwise try to create the missing ones. */
export const portalFileNames = [
  "settings.yaml",
  "services.yaml",
  "widgets.yaml",
  "bookmarks.yaml",
  "docker.yaml",
  "kubernetes.yaml",
  "proxmox.yaml",
  "custom.css",
  "custom.js",
] as const;

/** homepage's configuration: a heading, and the links in groups. */
export function portalFiles(
  title: string,
  links: readonly PortalLink[],
): Record<(typeof portalFileNames)[number], string> {
  return {
    "settings.yaml": stringify({ title, headerStyle: "clean", hideVersion: true, disableUpdateCheck: true }),
    "services.yaml": stringify(groupedServices(links)),
    "widgets.yaml": stringify([{ greeting: { text_size: "xl", text: title } }]),
    "bookmarks.yaml": stringify([]),
    "docker.yaml": "",
    "kubernetes.yaml": stringify({ mode: "disabled" }),
    "proxmox.yaml": "",
    "custom.css": "",
    "custom.js": "",
  };
}

/** homepage's shape: a list of groups, each a list of services, both as objects with one key. */
function groupedServices(links: readonly PortalLink[]): unknown[] {
  const groups = Map.groupBy(links, (link) => link.group);
  return [...groups].map(([group, members]) => ({
    [group]: members.map(({ title, description, url }) => ({
      [title]: url.startsWith("http")
        ? { href: url, description }
        : { description: `${description} (${url})` },
    })),
  }));
}
