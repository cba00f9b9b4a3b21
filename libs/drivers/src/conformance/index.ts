export * from './case.ts';
export { caseAreas, conformanceCases } from './cases/index.ts';
export { nothingAtTheGateway, type VocabularyField, vocabularyFields } from './fields.ts';
export { coverageOf, type FieldCoverage, type MutantOutcome, type Mutants } from './coverage.ts';
export { conformancePage } from './page.ts';
export { unpromisedFields } from './promised.ts';
