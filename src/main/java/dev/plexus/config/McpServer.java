package dev.plexus.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// An MCP server that is reached through the gateway.
public record McpServer(String name, String upstreamUrl, boolean enabled, Map<String, String> headers) {

    public McpServer {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /// Secrets stay out of logs.
    @Override
    public String toString() {
        return "McpServer[" + name + "]";
    }
}
