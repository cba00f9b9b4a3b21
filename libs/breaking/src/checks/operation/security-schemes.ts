import { objectMember, pointerTo, show, textMember } from '../../document/json.ts';
import type { DocumentCheck } from '../../compare/operation-check.ts';

/** What each kind of scheme asks of callers. */
const asked = ['type', 'in', 'name', 'scheme'] as const;

/** A scheme that means something else under its old name refuses everybody who uses it. */
export const securitySchemes: DocumentCheck = {
  ids: ['api-security-component-type-changed'],
  check({ base, revision }, report) {
    const before = objectMember(objectMember(base.document, 'components'), 'securitySchemes');
    const after = objectMember(objectMember(revision.document, 'components'), 'securitySchemes');
    for (const name of Object.keys(before ?? {})) {
      const pointer = pointerTo('', 'components', 'securitySchemes', name);
      const was = base.resolver.at(before?.[name], pointer);
      const is =
        after !== undefined && Object.hasOwn(after, name) ? revision.resolver.at(after[name], pointer) : undefined;
      if (was === undefined || is === undefined) continue;
      const changed = asked.find((word) => lower(textMember(was.value, word)) !== lower(textMember(is.value, word)));
      if (changed === undefined) continue;
      report({
        id: 'api-security-component-type-changed',
        operation: null,
        document: 'revision',
        pointer: is.pointer,
        message: `The security scheme ${show(name)} asks for another \`${changed}\`: ${show(textMember(is.value, changed) ?? 'none')} where it was ${show(textMember(was.value, changed) ?? 'none')}`,
        hint: 'add a scheme under a new name and accept both',
      });
    }
  },
};

const lower = (text: string | undefined) => text?.toLowerCase();
