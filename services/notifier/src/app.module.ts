import { Clock, CONFIG, ServiceModule } from '@gitway/service';
import { type DynamicModule, Module } from '@nestjs/common';
import { Channels } from './adapters/channels/registry.ts';
import { DeliveryStore } from './adapters/delivery-store.ts';
import { IncidentStore } from './adapters/incident-store.ts';
import { AnnounceFact } from './app/announce-fact.ts';
import { CorrelateFact } from './app/correlate-fact.ts';
import { DeliverNotification } from './app/deliver-notification.ts';
import { ListDeliveries } from './app/list-deliveries.ts';
import { ListIncidents } from './app/list-incidents.ts';
import { SweepDeliveries } from './app/sweep-deliveries.ts';
import { WakeDeliveries } from './app/wake-deliveries.ts';
import type { NotifierConfig } from './config.ts';
import { FactsHandler } from './inbound/facts.handler.ts';
import { IncidentsController } from './inbound/incidents.controller.ts';
import { Schedules } from './inbound/schedules.ts';
import { Incidents1763000000000 } from './migrations/1763000000000-incidents.ts';
import { DeliveryText1763000100000 } from './migrations/1763000100000-delivery-text.ts';

@Module({})
export class AppModule {
  static forRoot(config: NotifierConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ServiceModule.forRoot({
          name: 'notifier',
          config,
          database: { entities: [], migrations: [Incidents1763000000000, DeliveryText1763000100000] },
          jobs: true,
        }),
      ],
      controllers: [FactsHandler, IncidentsController],
      providers: [
        {
          provide: Channels,
          useFactory: (settings: NotifierConfig, clock: Clock) =>
            new Channels(settings.GITWAY_CHANNELS ?? [], {
              timeoutMs: settings.GITWAY_DELIVERY_TIMEOUT,
              now: () => clock.now(),
            }),
          inject: [CONFIG, Clock],
        },
        IncidentStore,
        DeliveryStore,
        CorrelateFact,
        AnnounceFact,
        WakeDeliveries,
        DeliverNotification,
        SweepDeliveries,
        ListIncidents,
        ListDeliveries,
        Schedules,
      ],
    };
  }
}
