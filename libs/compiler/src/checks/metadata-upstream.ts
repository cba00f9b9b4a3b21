import { finding } from '../findings.ts';
import type { ApiCheck } from './check.ts';

/** Where clouds keep the credentials of the machine that asks (AWS, GCP, Azure, Oracle, Alibaba, ECS, EKS). */
const endpoints = new Set([
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  '100.100.100.200',
  '192.0.0.192',
  'fd00:ec2::254',
  'fd00:ec2::23',
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'metadata.azure.internal',
  'instance-data',
  'instance-data.ec2.internal',
]);

/** An upstream that would hand the credentials of the gateway’s machine to callers; told whatever RuleSets say. */
export const metadataUpstream: ApiCheck = {
  run(api) {
    return api.unit.pools.flatMap(({ targets }, pool) =>
      targets.flatMap(({ host }, target) => {
        if (!endpoints.has(plain(host))) return [];
        const place = api.filled.placeOf(['spec', 'upstream', 'pools', pool, 'targets', target, 'url']);
        const message = `The upstream \`${host}\` is a cloud’s metadata service: callers would get the credentials of the gateway’s machine.`;
        return [finding('metadata-upstream', 'warning', place, message, 'Name the server that is meant.')];
      }),
    );
  },
};

/** `::ffff:169.254.169.254` in either form is the IPv4 address. */
function plain(host: string): string {
  const bare = host.toLowerCase().replace(/\.$/, '');
  const words = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(bare);
  if (words === null) return bare.replace(/^::ffff:/, '');
  const [high, low] = [Number.parseInt(words[1]!, 16), Number.parseInt(words[2]!, 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
