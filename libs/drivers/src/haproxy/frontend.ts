import { InvalidInputError } from '@gitway/errors';
import type { Peers } from '../driver.ts';
import { isBindAddress, safe } from './syntax.ts';
import { LOG_TARGET, logFormat } from './access-log.ts';
import { errorAnswers } from './answers.ts';
import { blockedPathRules, blockRules } from './blocks.ts';
import { bindLine, clientRules, tlsLines } from './bind.ts';
import type { EarlyRules } from './api-fragment.ts';
import type { Bound } from './listeners.ts';
import { ADMIN_SOCKET, DEFAULTS, FRONTEND, limitTable, PEERS_SOCKET, PROBE_HEADER, PROBE_PATH } from './names.ts';
import { PROCESS_HEADER, SNAPSHOT_HEADER } from './names.ts';
import { pathRules } from './paths.ts';
import { tableLines } from './policies/limits/layout.ts';
import { protoRules, proxyRules } from './proxies.ts';
import type { SharedLines } from './policy.ts';
import { headerRules, targetRules } from './requests.ts';
import { lookUp, matchRules, type MatchSet, parentRule, type Routing } from './routes.ts';
import { mapNamed } from './rule.ts';

/** What the part of the configuration that all APIs share depends on. Everything is proven safe by the caller. */
export interface Common {
  readonly title: string;
  readonly dir: string;
  readonly probeToken: string;
  readonly listeners: readonly Bound[];
  /** Whether routes are told apart by the listener that is called. */
  readonly perListener: boolean;
  readonly trustedProxies: readonly string[];
  /** Name of this gateway among those that count together. */
  readonly self: string;
  readonly peers: Peers | null;
  readonly early: readonly EarlyRules[];
  /** Lines that APIs asked for once, by section. */
  readonly shared: (section: SharedLines['section']) => readonly string[];
  readonly slots: boolean;
  /** Over which time the first checks of all targets are spread, where HAProxy would choose another. */
  readonly spreadMs: number | null;
  readonly anyHost: boolean;
  readonly wildHost: boolean;
  readonly matches: readonly MatchSet[];
  /** Whether an API treats its operations differently, so that rules ask for the called one. */
  readonly operations: boolean;
}

const MARKER = mapNamed('marker');

export function globalLines({ title, dir, self, peers, listeners, shared, spreadMs }: Common): string[] {
  return [
    'global',
    '    default-path config',
    // Certificates that servers are shown are read later than all else, when that path holds no longer.
    `    crt-base ${dir}`,
    `    description '${title}'`,
    // One thread writes the log whole and counts exactly; noreuseport keeps a second process off the same port.
    '    nbthread 1',
    '    noreuseport',
    '    fd-hard-limit 65536',
    '    hard-stop-after 60s',
    ...(spreadMs === null ? [] : [`    max-spread-checks ${spreadMs}`]),
    `    localpeer ${self}`,
    ...(peers === null ? [] : [`    set-var proc.self str(${self})`]),
    `    stats socket ${dir}/${ADMIN_SOCKET} mode 600 level admin expose-fd listeners`,
    `    ${LOG_TARGET}`,
    ...tlsLines(listeners),
    ...shared('global'),
  ];
}

export function defaultsLines(): string[] {
  return [
    `defaults ${DEFAULTS}`,
    '    mode http',
    '    log global',
    '    option dontlognull',
    // An idle connection of an old worker is closed with its next answer, never under a request.
    '    option idle-close-on-response',
    '    option http-no-delay',
    '    option forwardfor',
    '    option redispatch 1',
    '    retries 3',
    '    timeout http-request 10s',
    '    timeout http-keep-alive 20s',
    '    timeout client 60s',
    '    timeout queue 5s',
    '    timeout connect 5s',
    '    timeout server 60s',
    '    timeout tunnel 1h',
    ...errorAnswers,
  ];
}

/**
 * The peers section is what hands the counters of the old worker to the new one. It is always there, with a table:
 * a worker without it has nobody to hand over to, and the next one waits for it and loses its own counts.
 */
/** @throws InvalidInputError */
function bindAddress(address: string): string {
  if (isBindAddress(address) && !address.startsWith('*')) return address;
  throw new InvalidInputError('bad-peer', `"${address}" is not host:port of a gateway that counts with this one`);
}

export function peersLines({ dir, self, peers, shared }: Common): string[] {
  const tables = shared('counters');
  const others = Object.entries(peers?.others ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    'peers gitway',
    `    peer ${self} ${peers === null ? `unix@${dir}/${PEERS_SOCKET}` : bindAddress(peers.listen)}`,
    ...others.map(([name, address]) => `    peer ${safe('name', name)} ${bindAddress(address)}`),
    ...(tables.length > 0 ? tables : tableLines(limitTable('minute', 4)).lines),
  ];
}

const piece = (from: number, length: number) => `%[var(txn.uuid),bytes(${from},${length})]`;

export function frontendLines(common: Common): string[] {
  const { shared, listeners, trustedProxies } = common;
  const routing: Routing = { ...common, prefix: common.perListener ? '%[so_name]/' : '' };
  const unrouted = '!{ var(txn.route) -m found }';
  return [
    `frontend ${FRONTEND} from ${DEFAULTS}`,
    ...common.listeners.map(bindLine),
    `    log-format '${logFormat(common.self)}'`,
    '    http-request set-var(txn.path) path',
    // Read once, so that the log and the answer speak of the revision that the call began with.
    `    http-request set-var(txn.rev) str(snapshot),map_str(${MARKER})`,
    '    http-request set-var(txn.id) req.fhdr(x-request-id) if { req.fhdr(x-request-id) -m reg ^[A-Za-z0-9._:-]{1,128}$ }',
    '    http-request set-var(txn.uuid) uuid',
    '    http-request set-var(txn.id) var(txn.uuid) if !{ var(txn.id) -m found }',
    '    http-after-response set-header x-request-id %[var(txn.id)]',
    `    http-request set-log-level silent if { path ${PROBE_PATH} } { req.fhdr(${PROBE_HEADER}) -m str -- ${common.probeToken} }`,
    `    http-request return status 204 hdr ${SNAPSHOT_HEADER} %[var(txn.rev)] hdr ${PROCESS_HEADER} %pid if { path ${PROBE_PATH} } { req.fhdr(${PROBE_HEADER}) -m str -- ${common.probeToken} }`,
    ...clientRules(listeners),
    ...proxyRules(trustedProxies),
    ...blockRules(),
    ...shared('arrival'),
    ...targetRules(),
    '    http-request set-var(txn.host) req.hdr(host),host_only,lower,rtrim(.)',
    '    http-request deny deny_status 400 if { var(txn.host) -m sub / }',
    ...parentRule(routing),
    ...matchRules(routing),
    ...lookUp(routing, 'txn.route', 'txn.path'),
    `    http-request deny deny_status 404 if ${unrouted}`,
    ...pathRules(routing),
    ...blockedPathRules(),
    '    http-request set-var(txn.api) var(txn.route),field(1,|)',
    '    http-request set-var(txn.version) var(txn.route),field(6,|)',
    '    http-request set-var(txn.backend) var(txn.route),field(2,|)',
    ...headerRules(),
    ...(common.operations
      ? [
          '    http-request set-var(txn.ops) var(txn.route),field(5,|)',
          '    http-request set-var(txn.seen) path',
          '    http-request set-var(txn.seen) var(txn.plain) if odd',
        ]
      : []),
    ...(common.early.length > 0 ? ['    http-request set-var(txn.early) var(txn.route),field(4,|)'] : []),
    ...common.early.flatMap(({ lines }) => lines),
    ...shared('frontend'),
    ...(common.slots
      ? [
          '    http-request set-var(txn.slots) var(txn.route),field(3,|)',
          '    http-request set-var(txn.slot) rand,mod(txn.slots) if !{ var(txn.slots) -m str 0 } !{ var(txn.slot) -m found }',
          `    http-request set-var(txn.backend) var(txn.backend),concat(/,txn.slot),map_str(${mapNamed('slots')}) if { var(txn.slot) -m found }`,
        ]
      : []),
    '    http-request set-header x-request-id %[var(txn.id)]',
    ...protoRules(
      listeners.some(({ tls }) => tls !== null),
      trustedProxies.length > 0,
    ),
    '    acl traced req.fhdr(traceparent) -m reg ^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$',
    // Pieces of the one random number; a fifth of what numbers and patterns of their own cost.
    `    http-request set-header traceparent 00-${piece(0, 8)}${piece(9, 4)}${piece(14, 4)}${piece(19, 4)}${piece(24, 12)}-${piece(24, 12)}${piece(9, 4)}-01 if !traced`,
    '    http-request set-var(txn.trace) req.fhdr(traceparent),field(2,-)',
    '    use_backend %[var(txn.backend)]',
  ];
}
