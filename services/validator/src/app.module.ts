import { ArtifactStore } from '@gitway/messaging';
import { Clock, ServiceModule } from '@gitway/service';
import { type DynamicModule, Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ArtifactWriter } from './adapters/artifact-writer.ts';
import { BlobReader } from './adapters/blob-reader.ts';
import { CatalogueReader } from './adapters/catalogue-reader.ts';
import { CatalogueStore } from './adapters/catalogue-store.ts';
import { LiveUnits } from './adapters/live-units.ts';
import { CommitStore } from './adapters/commit-store.ts';
import { EnvironmentOwners } from './adapters/environment-owners.ts';
import { CommitRow, HeadRow, ValidatedRow } from './adapters/entities.ts';
import { RuleStore } from './adapters/rule-store.ts';
import { CompileMeans } from './adapters/compile-means.ts';
import { LiveHistory } from './adapters/live-history.ts';
import { PlanUsageReader } from './adapters/plan-usage.ts';
import { StateReader } from './adapters/state-reader.ts';
import { UsageStore } from './adapters/usage-store.ts';
import { CompileCommit } from './app/compile-commit.ts';
import { FollowLive } from './app/follow-live.ts';
import { JudgeOwnership } from './app/judge-ownership.ts';
import { JudgeRuleChange } from './app/judge-rule-change.ts';
import { ListApis } from './app/list-apis.ts';
import { ListLiveUnits } from './app/list-live-units.ts';
import { ListCommits } from './app/list-commits.ts';
import { LiveEnvironments } from './app/live-environments.ts';
import { PlanCommit } from './app/plan-commit.ts';
import { ReadApi } from './app/read-api.ts';
import { ReadPlans } from './app/read-plans.ts';
import { ReadReport } from './app/read-report.ts';
import { ReadUsage } from './app/read-usage.ts';
import { RecordUsage } from './app/record-usage.ts';
import { ValidateCommit } from './app/validate-commit.ts';
import type { ValidatorConfig } from './config.ts';
import { ApisController } from './inbound/apis.controller.ts';
import { CommitDetectedHandler } from './inbound/commit-detected.handler.ts';
import { CommitsController } from './inbound/commits.controller.ts';
import { LiveUnitsController } from './inbound/live-units.controller.ts';
import { LiveHandler } from './inbound/live.handler.ts';
import { PlansController } from './inbound/plans.controller.ts';
import { UsageController } from './inbound/usage.controller.ts';
import { UsageHandler } from './inbound/usage.handler.ts';
import { Validator1762000000000 } from './migrations/1762000000000-validator.ts';
import { Catalogue1764000000000 } from './migrations/1764000000000-catalogue.ts';
import { Rules1764200000000 } from './migrations/1764200000000-rules.ts';
import { CommitTrees1769000000000 } from './migrations/1769000000000-commit-trees.ts';
import { Owners1768000000000 } from './migrations/1768000000000-owners.ts';
import { Usage1766000000000 } from './migrations/1766000000000-usage.ts';

@Module({})
export class AppModule {
  static forRoot(config: ValidatorConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ServiceModule.forRoot({
          name: 'validator',
          config,
          database: {
            entities: [CommitRow, HeadRow, ValidatedRow],
            migrations: [
              Validator1762000000000,
              Catalogue1764000000000,
              Rules1764200000000,
              Usage1766000000000,
              Owners1768000000000,
              CommitTrees1769000000000,
            ],
          },
        }),
      ],
      controllers: [
        CommitDetectedHandler,
        LiveHandler,
        CommitsController,
        ApisController,
        PlansController,
        LiveUnitsController,
        UsageHandler,
        UsageController,
      ],
      providers: [
        {
          provide: BlobReader,
          useFactory: (artifacts: ArtifactStore) => new BlobReader(artifacts, config.GITWAY_BLOB_CACHE_MB * 1e6),
          inject: [ArtifactStore],
        },
        {
          provide: CompileCommit,
          useFactory: (blobs: BlobReader, live: LiveEnvironments, clock: Clock, means: CompileMeans) =>
            new CompileCommit(blobs, config.GITWAY_COMPILE_CACHE_ENTRIES, live, clock, means),
          inject: [BlobReader, LiveEnvironments, Clock, CompileMeans],
        },
        {
          provide: CompileMeans,
          useFactory: (artifacts: ArtifactStore) => new CompileMeans(config, artifacts),
          inject: [ArtifactStore],
        },
        {
          provide: CommitStore,
          useFactory: (source: DataSource) => new CommitStore(source, config.GITWAY_KEPT_COMMITS),
          inject: [DataSource],
        },
        {
          provide: CatalogueStore,
          useFactory: (source: DataSource) => new CatalogueStore(source, config.GITWAY_KEPT_REVISIONS),
          inject: [DataSource],
        },
        {
          provide: CatalogueReader,
          useFactory: (source: DataSource) => new CatalogueReader(source),
          inject: [DataSource],
        },
        {
          provide: PlanUsageReader,
          useFactory: (source: DataSource) => new PlanUsageReader(source),
          inject: [DataSource],
        },
        {
          provide: ValidateCommit,
          useFactory: (
            compile: CompileCommit,
            writer: ArtifactWriter,
            store: CommitStore,
            catalogue: CatalogueStore,
            artifacts: ArtifactStore,
            clock: Clock,
            plan: PlanCommit,
            ruleChange: JudgeRuleChange,
            ownership: JudgeOwnership,
            history: LiveHistory,
          ) =>
            new ValidateCommit(
              compile,
              writer,
              store,
              catalogue,
              artifacts,
              clock,
              plan,
              ruleChange,
              ownership,
              history,
            ),
          inject: [
            CompileCommit,
            ArtifactWriter,
            CommitStore,
            CatalogueStore,
            ArtifactStore,
            Clock,
            PlanCommit,
            JudgeRuleChange,
            JudgeOwnership,
            LiveHistory,
          ],
        },
        {
          provide: LiveHistory,
          useFactory: (source: DataSource) => new LiveHistory(source),
          inject: [DataSource],
        },
        {
          provide: UsageStore,
          useFactory: (source: DataSource) => new UsageStore(source, config.GITWAY_USAGE_RETENTION),
          inject: [DataSource],
        },
        ArtifactWriter,
        EnvironmentOwners,
        FollowLive,
        JudgeOwnership,
        JudgeRuleChange,
        ListApis,
        ListCommits,
        LiveEnvironments,
        PlanCommit,
        ListLiveUnits,
        LiveUnits,
        ReadApi,
        ReadPlans,
        ReadReport,
        RuleStore,
        ReadUsage,
        RecordUsage,
        StateReader,
      ],
    };
  }
}
