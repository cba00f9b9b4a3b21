import { nameSchema } from '@gitway/contracts';
import { z } from 'zod';
import { resource } from './common.ts';

const listenerSchema = z.strictObject({
  name: nameSchema.describe('Unique among the listeners of the Gateway.'),
  protocol: z.literal('http'),
  port: z.int().min(1).max(65535).describe('Port that it listens on.'),
});

export const gatewayResourceSchema = resource(
  'Gateway',
  'One gateway and where it listens.',
  z.strictObject({
    driver: z.enum(['haproxy']).describe('The proxy that it runs.'),
    listeners: z
      .array(listenerSchema)
      .min(1)
      .max(20)
      .refine((listeners) => new Set(listeners.map((listener) => listener.name)).size === listeners.length, {
        message: 'must not use one name for two listeners',
      })
      .refine((listeners) => new Set(listeners.map((listener) => listener.port)).size === listeners.length, {
        message: 'must not use one port for two listeners',
      })
      .describe('Ports on which it takes calls.'),
  }),
);

export type GatewayResource = z.infer<typeof gatewayResourceSchema>;
