export * from './case.ts';
export { conformanceCases } from './cases/index.ts';
export { nothingAtTheGateway, type VocabularyField, vocabularyFields } from './fields.ts';
export { coverageOf, type FieldCoverage, type MutantOutcome, type Mutants } from './coverage.ts';
