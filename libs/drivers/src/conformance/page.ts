import type { GatewayDriver } from '../driver.ts';
import type { ConformanceCase } from './case.ts';
import { nothingAtTheGateway, rowOf, unprovable, vocabularyFields } from './fields.ts';
import { unpromisedFields } from './promised.ts';

/** The page `docs/drivers/conformance.md`; a spec keeps the committed file equal to it. */
export function conformancePage(
  areas: Readonly<Record<string, readonly ConformanceCase[]>>,
  drivers: readonly GatewayDriver[],
): string {
  const cases = Object.values(areas).flat();
  const refused = new Map(
    drivers.map((driver) => [driver, new Set(cases.filter((given) => unpromisedFields(given, driver).length > 0))]),
  );
  const isRefused = (driver: GatewayDriver, given: ConformanceCase) => refused.get(driver)?.has(given) === true;
  const countOf = (driver: GatewayDriver, some: readonly ConformanceCase[]) => {
    const passing = some.filter((given) => !isRefused(driver, given)).length;
    return passing === some.length ? `${passing}` : `${passing} of ${some.length}`;
  };
  const areaRows = Object.entries(areas).map(
    ([area, some]) => `| ${area} | ${some.length} | ${drivers.map((driver) => countOf(driver, some)).join(' | ')} |`,
  );
  const fieldRows = vocabularyFields().map(({ field }) => {
    const claiming = cases.filter(({ covers }) => covers.includes(field));
    const states = drivers.map((driver) => {
      const proving = claiming.filter((given) => !isRefused(driver, given)).map(({ id }) => `\`${id}\``);
      if (proving.length > 0) return proving.join(', ');
      const nothing = rowOf(field, Object.keys(nothingAtTheGateway));
      if (nothing !== undefined) return `nothing to do: ${nothingAtTheGateway[nothing]}`;
      if (unprovable[field] !== undefined) return `not run: ${unprovable[field]}`;
      return 'refused';
    });
    return `| \`${field}\` | ${states.join(' | ')} |`;
  });
  const names = drivers.map(({ name }) => name).join(' | ');
  const lines = drivers.map(() => '---').join(' | ');
  return [
    '# Conformance',
    '',
    'Generated from the suite in `libs/drivers/src/conformance`, which says how it works. Every case runs against a real',
    'gateway of each driver, as far as the driver’s table does not refuse what the case declares; then the refusal is',
    'asserted. Every case runs again without each field that it is named for here, and has to fail.',
    '',
    `${cases.length} cases. ${drivers.map((driver) => `\`${driver.name}\` runs ${countOf(driver, cases)}.`).join(' ')}`,
    '',
    `| area | cases | ${names} |`,
    `| --- | --- | ${lines} |`,
    ...areaRows,
    '',
    '## Fields',
    '',
    'Cases that fail when the field is ignored.',
    '',
    `| field | ${names} |`,
    `| --- | ${lines} |`,
    ...fieldRows,
    '',
  ].join('\n');
}
