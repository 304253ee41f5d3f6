package dev.plexus.config;

/// One thing that is wrong, doubtful or without effect in a configuration file: where (line and column from 1, dotted path with list indexes) and what, with
/// what would be right. No message holds a secret.
public record ConfigFault(Severity severity, int line, int column, String path, String message) {

    public enum Severity {
        ERROR,
        WARNING,
        /// Nothing is wrong, but what the file asks for has no effect in this version.
        NOTICE
    }

    /// The line a person reads: `conf/plexus.yaml:14: models.fast.targets[0].provider: no provider "opnai"; did you mean "openai"?`
    public String describe(String file) {
        return file + ":" + line + ": " + (path.isEmpty() ? "" : path + ": ") + message;
    }
}
