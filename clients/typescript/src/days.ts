/** The day by which the platform's dates are meant. */

// The Swedish way of writing a date is ISO 8601's.
const POLAND = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Warsaw" });

/** The date in Poland now, or at an instant, as YYYY-MM-DD: deadlines and validity of the platform go by it. */
export function today(instant: Date = new Date()): string {
  return POLAND.format(instant);
}
