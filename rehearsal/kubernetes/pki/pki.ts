/** A certificate and its private key, both PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** What a cluster's identity rests on. Whoever holds it can make every other certificate of the cluster. */
export interface Authorities {
  /** Signs the certificates of the API server, and of services inside the cluster. */
  readonly server: KeyPair;
  /** Signs the certificates of those who speak to the API server. */
  readonly client: KeyPair;
  /** Signs the tokens of service accounts; a private key, PEM. */
  readonly serviceAccountKey: string;
}

/** What a control plane runs with: its authorities, and the certificates that they signed. */
export interface Pki {
  readonly authorities: Authorities;
  /** The API server's own. */
  readonly server: KeyPair;
  /** A client in the group `system:masters`, who may do everything. */
  readonly administrator: KeyPair;
}
