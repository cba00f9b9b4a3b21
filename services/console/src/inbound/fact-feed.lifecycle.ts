import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { FactFeed } from '../app/fact-feed.ts';

/** The feed runs as long as the application; its end ends every open stream, so that the server can close. */
@Injectable()
export class FactFeedLifecycle implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(private readonly feed: FactFeed) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.feed.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.feed.stop();
  }
}
