/// Keeps the price list of OpenRouter fresh, for models that are priced by it.
///
/// Owns: the list, its copy on disk, and when it is fetched again.
/// Threads: one event loop; the list is read and written on workers.
/// Speaks: answers `prices.search`; hears `config.in-force`; tells `prices.changed`.
/// Start reading at: [dev.plexus.prices.PricesVerticle].
@NullMarked
package dev.plexus.prices;

import org.jspecify.annotations.NullMarked;
