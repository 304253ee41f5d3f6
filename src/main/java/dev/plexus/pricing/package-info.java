/// What an answer cost: price tables applied to token counts, in exact decimals.
///
/// Owns: `Cost`, `CostRules`.
/// Threads: pure functions and immutable values.
/// Never: the database, the network, a clock.
/// Start reading at: [dev.plexus.pricing.CostRules].
@NullMarked
package dev.plexus.pricing;

import org.jspecify.annotations.NullMarked;
