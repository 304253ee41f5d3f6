/// The composition root: builds every actor, gives each its lane, starts and stops them in order.
///
/// Owns: `Plexus`, the running gateway; `Settings`, what it was told from outside; `Version`.
/// Threads: started and stopped by whoever calls it; the actors run on their own event loops.
/// Speaks: to nobody on the bus; it deploys those who do.
/// Start reading at: [dev.plexus.app.Plexus].
@NullMarked
package dev.plexus.app;

import org.jspecify.annotations.NullMarked;
