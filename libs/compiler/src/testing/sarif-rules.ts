/**
 * What the schema of SARIF 2.1.0 demands of the objects that our reports use: their members, the ones that must be
 * there, and the shape of each. Every object of SARIF but the maps is closed.
 */
type Check = (value: unknown, path: string) => void;

const fail = (path: string, what: string): never => {
  throw new Error(`${path}: ${what}`);
};
const string: Check = (value, path) => void (typeof value === 'string' || fail(path, 'not a string'));
const boolean: Check = (value, path) => void (typeof value === 'boolean' || fail(path, 'not a boolean'));
const integerFrom =
  (least: number): Check =>
  (value, path) =>
    void ((Number.isInteger(value) && (value as number) >= least) || fail(path, `not a whole number from ${least}`));
const oneOf =
  (...values: string[]): Check =>
  (value, path) =>
    void (values.includes(value as string) || fail(path, `not one of ${values.join(', ')}`));
const uri: Check = (value, path) => void (URL.canParse(String(value)) || fail(path, 'not a URI'));
/** RFC 3986's characters, and nothing that would make it absolute. */
const uriReference: Check = (value, path) =>
  void (
    /^(?!\/)(?:[\w.~!$&'()*+,;=@/-]|%[0-9A-F]{2})*$/.test(String(value)) ||
    fail(path, `not a reference: ${String(value)}`)
  );
const list =
  (of: Check, least = 0): Check =>
  (value, path) => {
    if (!Array.isArray(value) || value.length < least) return fail(path, 'not a list, or too short');
    value.forEach((item, index) => of(item, `${path}[${index}]`));
  };
const map =
  (of: Check): Check =>
  (value, path) =>
    Object.entries(value as object).forEach(([key, item]) => of(item, `${path}.${key}`));
const object =
  (members: Record<string, Check>, required: string[] = []): Check =>
  (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail(path, 'not an object');
    for (const name of required) if (!(name in value)) fail(path, `without ${name}`);
    for (const [name, member] of Object.entries(value)) {
      (members[name] ?? fail(path, `${name} is not a member of SARIF's`))(member, `${path}.${name}`);
    }
  };

const message = object({ text: string }, ['text']);
const level = oneOf('none', 'note', 'warning', 'error');
const help = object({ text: string, markdown: string }, ['text']);
const region = object({
  startLine: integerFrom(1),
  startColumn: integerFrom(1),
  endLine: integerFrom(1),
  endColumn: integerFrom(1),
});
const location = object({
  id: integerFrom(-1),
  physicalLocation: object({ artifactLocation: object({ uri: uriReference, uriBaseId: string }), region }, [
    'artifactLocation',
  ]),
  logicalLocations: list(object({ fullyQualifiedName: string })),
  message,
});
const result = object(
  {
    ruleId: string,
    ruleIndex: integerFrom(-1),
    level,
    message,
    locations: list(location),
    relatedLocations: list(location),
    partialFingerprints: map(string),
  },
  ['message'],
);
const rule = object(
  {
    id: string,
    shortDescription: help,
    fullDescription: help,
    help,
    helpUri: uri,
    defaultConfiguration: object({ level }),
  },
  ['id'],
);
const run = object(
  {
    tool: object({ driver: object({ name: string, version: string, rules: list(rule) }, ['name']) }, ['driver']),
    automationDetails: object({ id: string }),
    invocations: list(object({ executionSuccessful: boolean }, ['executionSuccessful'])),
    columnKind: oneOf('utf16CodeUnits', 'unicodeCodePoints'),
    originalUriBaseIds: map(object({ description: message })),
    results: list(result),
  },
  ['tool'],
);

/** @throws Error that names the first place at which the log is not SARIF 2.1.0. */
export const assertSarif = (log: unknown): void =>
  object({ $schema: uri, version: oneOf('2.1.0'), runs: list(run) }, ['version', 'runs'])(log, 'log');
