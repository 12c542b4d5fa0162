/** A process of its own that starts a cluster, says so, and stays until it is ended. @see death.test.ts */
import { startCluster } from "./cluster.ts";

const cluster = await startCluster(process.argv[2]);
process.send?.(cluster.server);
// Nothing keeps Node up but this, and the cluster ends with it.
setInterval(() => undefined, 60_000);
