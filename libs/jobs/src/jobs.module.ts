import {
  type DynamicModule,
  Injectable,
  Module,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { BullmqJobQueues, type JobQueuesOptions } from './bullmq-job-queues.ts';
import { JobQueues } from './job-queues.ts';

/** Handlers start when the application has, and end before anything that they use is taken down. */
@Injectable()
class JobsLifecycle implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(private readonly queues: JobQueues) {}

  onApplicationBootstrap(): void {
    (this.queues as BullmqJobQueues).start();
  }

  async onModuleDestroy(): Promise<void> {
    await (this.queues as BullmqJobQueues).close();
  }
}

@Module({})
export class JobsModule {
  static forRoot(options: JobQueuesOptions): DynamicModule {
    return {
      module: JobsModule,
      global: true,
      providers: [{ provide: JobQueues, useFactory: () => new BullmqJobQueues(options) }, JobsLifecycle],
      exports: [JobQueues],
    };
  }
}
