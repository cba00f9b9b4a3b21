import { hostname } from 'node:os';
import { ProgressMonitor } from '@gitway/http';
import { ArtifactStore, FactPublisher, GatewayStates, TrafficLog } from '@gitway/messaging';
import { Clock, ServiceModule } from '@gitway/service';
import { type DynamicModule, Module } from '@nestjs/common';
import { RunGateway } from './app/run-gateway.ts';
import type { AgentConfig } from './config.ts';
import { GatewayLifecycle } from './inbound/gateway.lifecycle.ts';

const VERSION = '0.1.0';

@Module({})
export class AppModule {
  static forRoot(config: AgentConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [ServiceModule.forRoot({ name: 'gateway-agent', config })],
      providers: [
        {
          provide: RunGateway,
          useFactory: (
            artifacts: ArtifactStore,
            states: GatewayStates,
            facts: FactPublisher,
            traffic: TrafficLog,
            progress: ProgressMonitor,
            clock: Clock,
          ) =>
            new RunGateway(config, {
              artifacts,
              states,
              facts,
              traffic,
              progress,
              now: () => clock.now(),
              identity: { version: VERSION, instance: `${hostname()}/${process.pid}` },
            }),
          inject: [ArtifactStore, GatewayStates, FactPublisher, TrafficLog, ProgressMonitor, Clock],
        },
        GatewayLifecycle,
      ],
    };
  }
}
