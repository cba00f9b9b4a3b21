import { ServiceModule } from '@gitway/service';
import { type DynamicModule, Module } from '@nestjs/common';
import { entities } from './adapters/entities.ts';
import { AcceptCommit } from './app/accept-commit.ts';
import { DecideEnvironment } from './app/decide-environment.ts';
import { GatewayBook } from './app/gateway-book.ts';
import { KeepWatch } from './app/keep-watch.ts';
import { ListDeployments } from './app/list-deployments.ts';
import { ListEnvironments } from './app/list-environments.ts';
import { ReconcileDesired } from './app/reconcile-desired.ts';
import { SnapshotReader } from './app/snapshot-reader.ts';
import type { DeployerConfig } from './config.ts';
import { DeploymentsController } from './inbound/deployments.controller.ts';
import { FactsController } from './inbound/facts.controller.ts';
import { deployerMigrations } from './migrations/1761000000000-deployer.ts';

@Module({})
export class AppModule {
  static forRoot(config: DeployerConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ServiceModule.forRoot({
          name: 'deployer',
          config,
          database: { entities, migrations: deployerMigrations },
          jobs: true,
        }),
      ],
      controllers: [FactsController, DeploymentsController],
      providers: [
        GatewayBook,
        SnapshotReader,
        DecideEnvironment,
        ReconcileDesired,
        KeepWatch,
        AcceptCommit,
        ListDeployments,
        ListEnvironments,
      ],
    };
  }
}
