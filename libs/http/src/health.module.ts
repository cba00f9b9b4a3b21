import { Controller, Get, Header, Inject, Module, Res, type DynamicModule } from '@nestjs/common';
import { metricsText as processMetrics } from '@gitway/observability';
import type { Response } from 'express';
import { Open } from './internal-token.guard.ts';
import { ProgressMonitor } from './progress-monitor.ts';
import { Readiness } from './readiness.ts';

/** The text that `/metrics` answers, in the Prometheus exposition format. */
export type MetricsText = () => string | Promise<string>;
export const METRICS_TEXT = Symbol('METRICS_TEXT');

@Controller()
export class HealthController {
  constructor(
    private readonly progress: ProgressMonitor,
    private readonly readiness: Readiness,
    @Inject(METRICS_TEXT) private readonly metricsText: MetricsText,
  ) {}

  /** 503 names each loop that has been silent for too long: restart this process. */
  @Open()
  @Get('health/live')
  @Header('cache-control', 'no-store')
  live(@Res({ passthrough: true }) response: Response) {
    const silent = this.progress.silent();
    if (silent.length > 0) response.status(503);
    return { status: silent.length === 0 ? 'live' : 'stuck', silent };
  }

  /** 503 names what does not answer: send no work here until it does. */
  @Open()
  @Get('health/ready')
  @Header('cache-control', 'no-store')
  async ready(@Res({ passthrough: true }) response: Response) {
    const { ready, checks } = await this.readiness.result();
    if (!ready) response.status(503);
    return { status: ready ? 'ready' : 'not-ready', checks };
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  async metrics(): Promise<string> {
    return this.metricsText();
  }
}

/** `GET /health/live`, `GET /health/ready`, `GET /metrics`; provides `ProgressMonitor` and `Readiness` everywhere. */
@Module({})
export class HealthModule {
  static forRoot(options: { metrics?: MetricsText } = {}): DynamicModule {
    return {
      module: HealthModule,
      global: true,
      controllers: [HealthController],
      providers: [
        { provide: ProgressMonitor, useFactory: () => new ProgressMonitor() },
        { provide: Readiness, useFactory: () => new Readiness() },
        { provide: METRICS_TEXT, useValue: options.metrics ?? processMetrics },
      ],
      exports: [ProgressMonitor, Readiness],
    };
  }
}
