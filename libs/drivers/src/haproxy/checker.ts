import type { DriverProblem } from '../driver.ts';
import { MAX_COUNT, MAX_TIME_MS } from './names.ts';
import { fits, type Form } from './syntax.ts';

/** Collects problems of one unit. */
export class Checker {
  readonly problems: DriverProblem[] = [];
  private readonly unit: string;

  /** @param unit as a person names it: `api petstore` */
  constructor(unit: string) {
    this.unit = unit;
  }

  require(holds: boolean, field: string, message: string): void {
    if (!holds) this.problems.push({ unit: this.unit, field, message: `${field}: ${message}` });
  }

  time(value: number, field: string): void {
    this.require(Number.isInteger(value) && value >= 1 && value <= MAX_TIME_MS, field, 'must be from 1 ms to 24 days');
  }

  count(value: number, field: string, most = MAX_COUNT): void {
    this.require(Number.isInteger(value) && value >= 1 && value <= most, field, `must be from 1 to ${most}`);
  }

  name(value: string, field: string): void {
    this.form('name', value, field, 'must be a DNS label');
  }

  form(form: Form, value: string, field: string, message: string): void {
    this.require(fits(form, value), field, message);
  }
}
