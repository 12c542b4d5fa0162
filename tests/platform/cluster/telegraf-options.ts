/** The release of Telegraf whose options these are. */
export const telegrafVersion = "1.39.3";

/** What plugins with a TLS client take beside their own (`plugins/common/tls/client.go`). */
const tlsClient = [
  "tls_ca",
  "tls_cert",
  "tls_key",
  "tls_key_pwd",
  "tls_min_version",
  "tls_cipher_suites",
  "insecure_skip_verify",
  "tls_server_name",
  "tls_renegotiation_method",
  "tls_enable",
] as const;

/**
 * The options of the plugins in use, by the `toml` tags of their sources in https://github.com/influxdata/telegraf. Telegraf does not start
 * with an option that a plugin does not know.
 */
export const telegrafOptions: Readonly<Record<string, readonly string[]>> = {
  "inputs.kubernetes": [
    "url",
    "bearer_token",
    "node_metric_name",
    "label_include",
    "label_exclude",
    "response_timeout",
    ...tlsClient,
  ],
  "inputs.kube_inventory": [
    "url",
    "url_kubelet",
    "bearer_token",
    "namespace",
    "response_timeout",
    "resource_exclude",
    "resource_include",
    "max_config_map_age",
    "selector_include",
    "selector_exclude",
    "node_name",
    ...tlsClient,
  ],
  "outputs.influxdb_v2": [
    "urls",
    "local_address",
    "token",
    "organization",
    "bucket",
    "bucket_tag",
    "exclude_bucket_tag",
    "timeout",
    "http_headers",
    "http_proxy",
    "user_agent",
    "content_encoding",
    "influx_uint_support",
    "influx_omit_timestamp",
    "ping_timeout",
    "read_idle_timeout",
    "concurrent_writes",
    ...tlsClient,
  ],
};
