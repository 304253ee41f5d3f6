package dev.plexus.app;

import org.jspecify.annotations.Nullable;

/// Which Plexus this is, as the jar's manifest says.
public final class Version {

    private Version() {}

    /// The number of the release; something else in parentheses when it runs from no jar.
    public static String current() {
        @Nullable String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "(development)" : version;
    }

    /// One line for a person or a bug report.
    public static String line() {
        return "Plexus " + current() + " on Java " + Runtime.version();
    }
}
