/** The clouds that servers can be ordered from, by the name in the configuration. */
export const clouds = {
  hetzner: { title: "Hetzner", place: "location", exampleType: "cpx32" },
  digitalocean: { title: "DigitalOcean", place: "region", exampleType: "s-2vcpu-4gb" },
  aws: { title: "AWS", place: "region", exampleType: "t3.large" },
  vultr: { title: "Vultr", place: "region", exampleType: "vc2-2c-4gb" },
  linode: { title: "Linode", place: "region", exampleType: "g6-standard-2" },
  scaleway: { title: "Scaleway", place: "zone", exampleType: "DEV1-L" },
} as const;

/** A cloud that servers can be ordered from. */
export type CloudName = keyof typeof clouds;

const words = (text: string) => text.trim().split(/\s+/) as [string, ...string[]];

/**
 * Where each cloud has servers, as its API names the places: Hetzner's locations, Scaleway's zones, the others' regions.
 * Compared in November 2026 with what the vendors document and what public code listed from their APIs since September 2026; they open
 * places now and then: add a line when one is missing. Left out are AWS' regions for governments, China and the European sovereign
 * cloud, which need accounts of their own, and Linode's distributed sites, which sell other types.
 */
export const regions: Readonly<Record<CloudName, [string, ...string[]]>> = {
  hetzner: words("fsn1 nbg1 hel1 ash hil sin"),
  digitalocean: words("ams3 atl1 blr1 fra1 lon1 mem1 mkc1 nyc1 nyc2 nyc3 ric1 sfo2 sfo3 sgp1 syd1 tor1"),
  aws: words(`
    us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1 ca-west-1 mx-central-1 sa-east-1
    eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3
    af-south-1 il-central-1 me-central-1 me-south-1
    ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2
    ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7`),
  vultr: words(`
    ams atl blr bom cdg del dfw ewr fra hnl icn itm jnb lax lhr mad man mel mex mia mxp nrt ord sao scl sea sgp sjc sto syd
    tlv waw yto`),
  linode: words(`
    us-central us-east us-southeast us-west ca-central eu-central eu-west ap-northeast ap-south ap-southeast ap-west
    us-iad us-lax us-mia us-ord us-sea br-gru de-fra-2 es-mad fr-par gb-lon it-mil nl-ams se-sto
    au-mel id-cgk in-bom-2 in-maa jp-osa jp-tyo-3 sg-sin-2`),
  scaleway: words(`
    fr-par-1 fr-par-2 fr-par-3 nl-ams-1 nl-ams-2 nl-ams-3 pl-waw-1 pl-waw-2 pl-waw-3
    it-mil-1 it-mil-2 it-mil-3`),
};
