import type { EntityManager, EntitySubscriberInterface, TransactionCommitEvent } from 'typeorm';

const KEY = 'gitwayAfterCommit';

/**
 * Work that must see the transaction's effects, and must not happen when it is rolled back: waking somebody, for
 * example. It may not throw, and a process that dies in between never does it.
 */
export function afterCommit(manager: EntityManager, work: () => void): void {
  const data: Record<string, unknown> | undefined = manager.queryRunner?.data;
  if (data === undefined) throw new TypeError('afterCommit needs a transaction');
  ((data[KEY] ??= []) as (() => void)[]).push(work);
}

/** Registered with every data source that `createDataSource` makes. */
export class AfterCommitSubscriber implements EntitySubscriberInterface {
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
