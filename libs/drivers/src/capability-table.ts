import type { GatewayDriver } from './driver.ts';

/** The page `docs/drivers/<name>.md`; a spec keeps the committed file equal to it. */
export function capabilityPage(driver: GatewayDriver): string {
  const rows = driver.capabilities.map(({ field, support, how }) => `| \`${field}\` | ${support} | ${how} |`);
  return [
    `# Driver \`${driver.name}\``,
    '',
    'Generated from the driver. `native`: the gateway does it by itself; `helper`: something beside it does; `no`: a',
    'snapshot that asks for it is refused with the name of the field.',
    '',
    '| field | support | how |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
