/** An amount of memory as text: `512 KiB`, `31 MiB`, `1.5 GiB`. */
export function bytes(value: number): string {
  const kib = value / 1024;
  if (kib < 1024) return `${Math.round(kib)} KiB`;
  const mib = kib / 1024;
  if (mib < 1024) return `${Math.round(mib)} MiB`;
  return `${(mib / 1024).toFixed(1)} GiB`;
}
