package dev.plexus.config;

import java.io.IOException;

/// Reads the small text files that a configuration names with `${file:...}`.
@FunctionalInterface
public interface FileText {

    String read(String path) throws IOException;
}
