/// The command line: what `./plexus` understands.
///
/// Owns: the subcommands and their options, the environment variables, the search for the configuration file, the start-up banner.
/// Threads: the main thread, before and beside the event loops; one shutdown hook.
/// Speaks: prints to the terminal; nobody else does.
/// Start reading at: [dev.plexus.cli.Main].
@NullMarked
package dev.plexus.cli;

import org.jspecify.annotations.NullMarked;
