export * from './driver.ts';
export * from './registry.ts';
export * from './capability-table.ts';
export { parseAccessLine, type AccessRecord } from './haproxy/access-log.ts';
export { ADMIN_SOCKET, MAIN_FILE, PROBE_HEADER, PROBE_PATH, SNAPSHOT_HEADER, PROCESS_HEADER } from './haproxy/names.ts';
