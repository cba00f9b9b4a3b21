import { ServiceModule } from '@gitway/service';
import { type DynamicModule, Module } from '@nestjs/common';
import { JudgementStore } from './adapters/judgement-store.ts';
import { RollupStore } from './adapters/rollup-store.ts';
import { EndObservation } from './app/end-observation.ts';
import { JudgeDeployment } from './app/judge-deployment.ts';
import { ObserveDeployment } from './app/observe-deployment.ts';
import { PruneTraffic } from './app/prune-traffic.ts';
import { ReadTraffic } from './app/read-traffic.ts';
import { RecordTraffic } from './app/record-traffic.ts';
import { SummariseUsage } from './app/summarise-usage.ts';
import type { AnalyticsConfig } from './config.ts';
import { DeploymentsHandler } from './inbound/deployments.handler.ts';
import { Schedules } from './inbound/schedules.ts';
import { TrafficController } from './inbound/traffic.controller.ts';
import { TrafficHandler } from './inbound/traffic.handler.ts';
import { Traffic1762000000000 } from './migrations/1762000000000-traffic.ts';
import { CarriedBaseline1762100000000 } from './migrations/1762100000000-carried-baseline.ts';

@Module({})
export class AppModule {
  static forRoot(config: AnalyticsConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ServiceModule.forRoot({
          name: 'analytics',
          config,
          database: { entities: [], migrations: [Traffic1762000000000, CarriedBaseline1762100000000] },
          jobs: true,
        }),
      ],
      controllers: [TrafficController, TrafficHandler, DeploymentsHandler],
      providers: [
        RollupStore,
        JudgementStore,
        JudgeDeployment,
        ObserveDeployment,
        EndObservation,
        RecordTraffic,
        SummariseUsage,
        PruneTraffic,
        ReadTraffic,
        Schedules,
      ],
    };
  }
}
