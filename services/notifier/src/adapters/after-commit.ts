import type { DataSource, EntityManager, EntitySubscriberInterface, TransactionCommitEvent } from 'typeorm';

const KEY = 'gitwayAfterCommit';

/** Work that must see the transaction's effects, and must not happen when it is rolled back. It may not throw. */
export function afterCommit(manager: EntityManager, work: () => void): void {
  const data: Record<string, unknown> | undefined = manager.queryRunner?.data;
  if (data === undefined) throw new TypeError('afterCommit needs a transaction');
  ((data[KEY] ??= []) as (() => void)[]).push(work);
}

class AfterCommitSubscriber implements EntitySubscriberInterface {
  afterTransactionCommit({ queryRunner }: TransactionCommitEvent): void {
    const data: Record<string, unknown> = queryRunner.data;
    const works = (data[KEY] ?? []) as (() => void)[];
    delete data[KEY];
    for (const work of works) work();
  }

  afterTransactionRollback({ queryRunner }: TransactionCommitEvent): void {
    delete queryRunner.data[KEY];
  }
}

/** Once per data source. */
export function watchCommits(dataSource: DataSource): void {
  if (dataSource.subscribers.some((each) => each instanceof AfterCommitSubscriber)) return;
  dataSource.subscribers.push(new AfterCommitSubscriber());
}
