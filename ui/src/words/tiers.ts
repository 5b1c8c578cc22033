/** In the order in which they matter. */
export const TIERS = ["production", "staging", "qa", "dev"];
