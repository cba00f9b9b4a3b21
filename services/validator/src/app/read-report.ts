import { type Report, reportSchema } from '@gitway/contracts';
import { NotFoundError } from '@gitway/errors';
import { ArtifactStore } from '@gitway/messaging';
import { Injectable } from '@nestjs/common';
import { CommitStore } from '../adapters/commit-store.ts';

/** Everything that was found in a commit, as it was judged last. */
@Injectable()
export class ReadReport {
  constructor(
    private readonly store: CommitStore,
    private readonly artifacts: ArtifactStore,
  ) {}

  /** @throws NotFoundError for a commit that was never judged, or is no longer kept */
  async run(commit: string): Promise<Report> {
    const row = await this.store.ofCommit(commit);
    if (row === null) throw new NotFoundError('no-such-commit', `No commit ${commit} has been judged.`);
    return this.artifacts.getJson('report', row.report, reportSchema);
  }
}
