package dev.plexus.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What a configuration amounts to, in a few lines for the log; no secret is among them.
public final class ConfigSummary {

    private ConfigSummary() {}

    /// One line that names everything that the file uses without effect; empty when there is no such thing.
    public static Optional<String> withoutEffect(List<ConfigFault> faults) {
        String paths = faults.stream()
                .filter(fault -> fault.severity() == ConfigFault.Severity.NOTICE)
                .map(ConfigFault::path)
                .collect(Collectors.joining(", "));
        return paths.isEmpty() ? Optional.empty() : Optional.of("accepted without effect in this version: " + paths);
    }

    /// One line for each part that is there.
    public static List<String> lines(Config config) {
        List<String> lines = new ArrayList<>();
        lines.add("providers (" + config.providers().size() + "): "
                + config.providers().values().stream()
                        .map(provider -> provider.id() + " (" + provider.models().size() + " models" + (provider.enabled() ? ")" : ", off)"))
                        .collect(Collectors.joining(", ")));
        lines.add("aliases (" + config.aliases().size() + "): "
                + config.aliases().values().stream()
                        .map(alias -> alias.name() + " (" + alias.targets().size() + " targets"
                                + (alias.additionalNames().isEmpty() ? ")" : ", also " + String.join(", ", alias.additionalNames()) + ")"))
                        .collect(Collectors.joining(", ")));
        lines.add("keys (" + config.keys().size() + "): "
                + config.keys().keySet().stream().map(Object::toString).collect(Collectors.joining(", ")));
        for (UserQuota quota : config.userQuotas().values()) {
            lines.add("quota " + quota.name() + ": " + quota.limit().toPlainString() + " " + quota.measures() + " " + quota.window()
                    + (quota.duration() == null ? "" : " " + quota.duration()));
        }
        for (McpServer server : config.mcpServers().values()) {
            int query = server.upstreamUrl().indexOf('?');
            lines.add("MCP server " + server.name() + ": "
                    + (query < 0 ? server.upstreamUrl() : server.upstreamUrl().substring(0, query))
                    + (server.enabled() ? "" : " (off)"));
        }
        return lines;
    }
}
