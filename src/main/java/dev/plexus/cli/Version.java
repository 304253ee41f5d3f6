package dev.plexus.cli;

import org.jspecify.annotations.Nullable;

/// Which Plexus this is, as the jar's manifest says.
final class Version {

    private Version() {}

    static String current() {
        @Nullable String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "(development)" : version;
    }

    /// One line for a person or a bug report.
    static String line() {
        return "Plexus " + current() + " on Java " + Runtime.version();
    }
}
