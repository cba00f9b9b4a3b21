/** Format of a plan as it is stored. */
export const planFormat = 1;
