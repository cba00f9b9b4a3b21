const boolean11 = /^(?:y|n|yes|no|on|off)$/i;
const leadingZero = /^[-+]?0[0-9_]+$/;
const octal12 = /^0o[0-7]+$/;
const based11 = /^[-+]?0(?:b[01_]+|x[0-9a-f_]+)$/i;
const hexadecimal = /^0x[0-9a-f]+$/i;
const underscored = /^[-+]?[0-9][0-9_]*_[0-9_]*(?:\.[0-9_]*)?$/;
const sexagesimal = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
/** YAML 1.1 asks for a dot and a sign in the exponent. */
const exponent = /^[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[eE][-+]?[0-9]+$/;
const exponent11 = /^[-+]?[0-9]*\.[0-9]*[eE][-+][0-9]+$/;
const MAX_LENGTH = 200;

/**
 * What two readers would take differently in a scalar without quotes: YAML 1.1 (kubectl, Helm, Ansible, PyYAML) reads
 * `no` as false and `010` as 8, YAML 1.2 as a string and as ten. Dates are not among it: they are strings here, and a
 * field that wants a date says so.
 * @returns how the other reading goes, for a sentence; undefined where all agree.
 */
export function otherReading(source: string): string | undefined {
  if (source.length > MAX_LENGTH) return undefined;
  if (boolean11.test(source)) return 'a boolean to readers of YAML 1.1 and a string to others';
  if (leadingZero.test(source)) return 'an octal number to readers of YAML 1.1 and a decimal one to others';
  if (octal12.test(source)) return 'a string to readers of YAML 1.1 and a number to others';
  if (based11.test(source) && !hexadecimal.test(source))
    return 'a number to readers of YAML 1.1 and a string to others';
  if (underscored.test(source)) return 'a number to readers of YAML 1.1 and a string to others';
  if (sexagesimal.test(source)) return 'a number in base 60 to readers of YAML 1.1 and a string to others';
  if (exponent.test(source) && !exponent11.test(source)) {
    return 'a string to readers of YAML 1.1 and a number to others';
  }
  return undefined;
}

/** Numbers that a double cannot hold as they are written, as JSON readers would have to round them. */
export function isInexact(value: number, source: string): boolean {
  if (!Number.isFinite(value)) return true;
  return /^[-+]?[0-9]+$/.test(source) && !Number.isSafeInteger(value);
}
