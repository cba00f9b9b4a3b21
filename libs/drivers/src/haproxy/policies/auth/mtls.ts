import { createHash } from 'node:crypto';
import type { ApiUnit, GatewayUnit } from '@gitway/contracts';
import type { DriverProblem } from '../../../driver.ts';
import { native } from '../../capability.ts';
import { mapNamed } from '../../rule.ts';
import { fail, type Method, methodsOf, next, type Step } from './method.ts';

const MOST_NAMES = 10;

/** Names of a certificate for DNS (RFC 5280, 4.2.1.6), which HAProxy 2.6 cannot read, into txn.dns_0 and so on. */
const SCRIPT = `-- Written by Gitway; changes made here are drift.
local function part(der, at, limit)
  local tag, length = der:byte(at, at + 1)
  local from = at + 2
  if length >= 0x80 then
    local count = length - 0x80
    assert(count >= 1 and count <= 3)
    length = 0
    for index = from, from + count - 1 do length = length * 256 + der:byte(index) end
    from = from + count
  end
  local to = from + length - 1
  assert(to <= limit)
  return tag, from, to
end

local function each(der, from, to, visit)
  while from <= to do
    local tag, first, last = part(der, from, to)
    if visit(tag, first, last) then return end
    from = last + 1
  end
end

local function names_of(der)
  local names = {}
  local _, first, last = part(der, 1, #der)
  local _, tbs, tbs_end = part(der, first, last)
  each(der, tbs, tbs_end, function(tag, from, to)
    if tag ~= 0xA3 then return false end
    local _, list, list_end = part(der, from, to)
    each(der, list, list_end, function(_, extension, extension_end)
      local _, oid, oid_end = part(der, extension, extension_end)
      if der:sub(oid, oid_end) ~= "\\x55\\x1d\\x11" then return false end
      each(der, oid_end + 1, extension_end, function(kind, value, value_end)
        if kind ~= 0x04 then return false end
        local _, general, general_end = part(der, value, value_end)
        each(der, general, general_end, function(what, name, name_end)
          if what == 0x82 then names[#names + 1] = der:sub(name, name_end):lower() end
          return #names == ${MOST_NAMES}
        end)
        return true
      end)
      return true
    end)
    return true
  end)
  return names
end

core.register_action("gitway_certificate", { "http-req" }, function(txn)
  local der = txn.f:ssl_c_der()
  if der == nil then return end
  local ok, names = pcall(names_of, der)
  if not ok then return end
  for index, name in ipairs(names) do txn:set_var("txn.dns_" .. (index - 1), name) end
end, 0)
`;
const path = `maps/certificate.${createHash('sha256').update(SCRIPT).digest('hex').slice(0, 16)}.lua`;

/** The listener asks for a certificate and verifies it; here it is asked whether one was shown, and whose it is. */
export const mtls: Method<'mtls'> = {
  capabilities: [
    native('api policy.auth.ca', '`verify optional` on the listeners; the same authorities for all APIs of a gateway'),
    native('consumer mtls', 'fingerprint, subject as RFC 4514 writes it, or one of ten DNS names (read by Lua)'),
  ],

  check(method, field, on) {
    on.require(method.ca.length > 0, `${field}.ca`, 'must name an authority');
  },

  rules() {
    const certificates = mapNamed('certificates');
    const unknown = '!{ var(txn.who) -m found }';
    const names = Array.from({ length: MOST_NAMES }, (_, index) => `var(txn.dns_${index})`);
    return {
      single: [],
      take: [],
      verify: [
        fail('missing-certificate', '!{ ssl_c_used }'),
        fail('unknown-certificate', '!{ ssl_c_verify 0 }'),
        ...byHash('sha256', 'ssl_c_der', certificates),
        ...byHash('subject', "'ssl_c_s_dn(,0,rfc2253)'", certificates, unknown),
        next('lua.gitway_certificate', unknown),
        ...names.flatMap((name) => byHash('dns', name, certificates, unknown, `{ ${name} -m found }`)),
      ],
      strip: [],
      challenge: null,
      names: 'maybe',
      files: [{ path, text: SCRIPT, secret: false }],
      shared: [{ section: 'global', key: 'certificate', lines: [`    lua-load ${path}`] }],
    };
  },
};

const byHash = (by: string, expression: string, map: string, ...when: readonly string[]): Step[] => [
  next(`set-var(txn.shown) ${expression.replace(/'?$/, (end) => `,sha2(256),hex,lower${end}`)}`, ...when),
  next(`set-var-fmt(txn.shown) ${by}.%[var(txn.shown)]`, ...when),
  next(`set-var(txn.who) var(txn.shown),map_str(${map})`, ...when),
];

const authoritiesOf = ({ policy }: ApiUnit): string[] =>
  [policy, ...Object.values(policy.operations ?? {})].flatMap(({ auth }) =>
    auth === undefined
      ? []
      : methodsOf(auth).flatMap((method) =>
          method.kind === 'mtls' ? [[...new Set(method.ca)].sort().join('\n')] : [],
        ),
  );

/** HAProxy does not tell which authority a certificate goes back to, so there can be but one set of them. */
export function differentAuthorities(apis: readonly ApiUnit[]): DriverProblem[] {
  let first: { readonly api: string; readonly ca: string } | null = null;
  const problems: DriverProblem[] = [];
  for (const api of apis) {
    for (const ca of authoritiesOf(api)) {
      first ??= { api: api.name, ca };
      if (ca === first.ca) continue;
      const message = `policy.auth.ca: differs from that of api ${first.api}; the APIs of one gateway have to name the same authorities`;
      problems.push({ unit: `api ${api.name}`, field: 'policy.auth.ca', message });
      break;
    }
  }
  return problems;
}

/** No caller could show what no listener asks for. */
export function unaskedCertificates(apis: readonly ApiUnit[], gateway: GatewayUnit): DriverProblem[] {
  return apis
    .filter((api) => authoritiesOf(api).length > 0)
    .filter(({ route }) => {
      const serving = gateway.listeners.filter(({ name }) => route.listeners?.includes(name) ?? true);
      return !serving.some(({ tls }) => tls?.clientCertificates !== undefined);
    })
    .map(({ name }) => ({
      unit: `api ${name}`,
      field: 'policy.auth',
      message: `policy.auth: asks for client certificates, and no listener of gateway ${gateway.name} that serves the API asks for any`,
    }));
}
