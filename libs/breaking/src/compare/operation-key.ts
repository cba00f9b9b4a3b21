import { textMember } from '../document/json.ts';
import type { Operation } from '../document/operations.ts';
import type { OperationKey } from '../change.ts';

export function keyOf({ method, path, operation }: Operation): OperationKey {
  const id = textMember(operation.value, 'operationId');
  const key = { method: method.toUpperCase(), path };
  return id === undefined ? key : { ...key, id };
}
