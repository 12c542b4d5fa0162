/** Bytes for people: `1.5 GiB`, `320 MiB`. */
export function readableBytes(bytes: number): string {
  const gibibytes = bytes / 2 ** 30;
  if (gibibytes >= 1) return `${rounded(gibibytes)} GiB`;
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}

/** Thousandths of a core for people: `1.25`, `0.06`. */
export function readableCpu(milliCpu: number): string {
  return String(Math.round(milliCpu / 10) / 100);
}

/** A share for people: `37 %`. */
export function readableShare(used: number, available: number): string {
  return available === 0 ? "–" : `${Math.round((used / available) * 100)} %`;
}

/** One digit behind the point where there is something to say. */
function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}
