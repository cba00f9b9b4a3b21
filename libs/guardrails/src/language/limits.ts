/** What one guardrail may cost. Everything is counted, nothing is timed, so the same input always ends the same way. */
export const guardrailLimits = {
  /** Characters of an expression, and of a message with its expressions. */
  maxExpressionLength: 4_000,
  maxAstNodes: 500,
  maxDepth: 50,
  /** Elements of a list or entries of a map that an expression writes out. */
  maxLiteralElements: 200,
  /** Characters of a pattern for `matches`. */
  maxPatternLength: 500,
  /** Characters of a string, and elements of a list, that an expression may make. */
  maxStringLength: 65_536,
  maxListLength: 200_000,
  /** Steps of one evaluation: one per node that is evaluated, more for long lists, strings and patterns. */
  maxSteps: 1_000_000,
  /**
   * Steps of all guardrails over all units of one environment. 5 to 10 million of them take a second; a compile
   * pauses for other work within one, after every evaluation that was long.
   */
  maxTotalSteps: 20_000_000,
  /** Characters of a message when it is filled in. */
  maxMessageLength: 500,
} as const;
