/// The database: SQLite by default, PostgreSQL for several nodes; the same tables, the same SQL, one repository per concern.
///
/// Owns: the connection pools, the schema and its migrations, every SQL statement of the gateway.
/// Threads: everything public is thread-safe and answers with a `Future` on the caller's context; blocking drivers run on the workers of their pool.
/// Speaks: with the database only; decides nothing and stores what it is given.
/// Start reading at: [dev.plexus.storage.Database].
@NullMarked
package dev.plexus.storage;

import org.jspecify.annotations.NullMarked;
