package dev.plexus.config;

import dev.plexus.model.AliasName;
import dev.plexus.model.KeyName;
import dev.plexus.model.ProviderId;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Everything the gateway was told, validated, as one snapshot: an exchange takes one and keeps it to its end.
///
/// `hash` is the SHA-256 of the effective configuration in hexadecimal. Maps keep the order of the file. `trustedProxies` are the addresses and CIDRs
/// whose word is taken for where a request comes from.
public record Config(
        String hash,
        String adminKey,
        Map<ProviderId, Provider> providers,
        Map<AliasName, Alias> aliases,
        Map<KeyName, KeyRule> keys,
        Failover failover,
        CooldownPolicy cooldown,
        double performanceExplorationRate,
        double latencyExplorationRate,
        double e2ePerformanceExplorationRate,
        Map<String, UserQuota> userQuotas,
        Map<String, McpServer> mcpServers,
        Limits limits,
        Retention retention,
        Duration shutdownGrace,
        boolean exposeRoutingHeaders,
        List<String> trustedProxies) {

    public Config {
        providers = Collections.unmodifiableMap(new LinkedHashMap<>(providers));
        aliases = Collections.unmodifiableMap(new LinkedHashMap<>(aliases));
        keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
        userQuotas = Collections.unmodifiableMap(new LinkedHashMap<>(userQuotas));
        trustedProxies = List.copyOf(trustedProxies);
        mcpServers = Collections.unmodifiableMap(new LinkedHashMap<>(mcpServers));
    }

    /// Secrets stay out of logs.
    @Override
    public String toString() {
        return "Config[" + hash + "]";
    }
}
