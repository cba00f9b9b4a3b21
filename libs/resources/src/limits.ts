/** What a file may ask of the reader. Beyond any of these the answer is a finding and never a slow or failed process. */
export interface ReadingLimits {
  readonly maxBytes: number;
  /** Values after aliases are expanded: what somebody who walks the document would meet. */
  readonly maxNodes: number;
  readonly maxDepth: number;
  readonly maxAliases: number;
  readonly maxDocuments: number;
}

export const resourceLimits: ReadingLimits = {
  maxBytes: 1_000_000,
  maxNodes: 200_000,
  maxDepth: 64,
  maxAliases: 100,
  maxDocuments: 5_000,
};

export const openApiLimits: ReadingLimits = {
  maxBytes: 50_000_000,
  maxNodes: 10_000_000,
  maxDepth: 256,
  maxAliases: 10_000,
  maxDocuments: 1,
};
