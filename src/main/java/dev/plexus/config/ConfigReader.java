package dev.plexus.config;

import dev.plexus.model.AliasName;
import dev.plexus.model.ProviderId;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Turns the text of a configuration file into a [Config], or into everything that is wrong with it. Stateless; may be shared by threads.
///
/// In this order: YAML into a tree that knows its places ([TreeReader]), environment variables put in ([Interpolation]), every value held against
/// the known keys ([SchemaCheck], [Schema]), and last the records, with what needs more than one value to be judged.
public final class ConfigReader {

    private static final String ADMIN_KEY = "ADMIN_KEY";
    private static final double EXPLORATION_RATE = 0.05;

    private final UnaryOperator<@Nullable String> environment;
    private final FileText files;

    /// `environment` looks up an environment variable, null when it is not set. `${file:...}` is refused.
    public ConfigReader(UnaryOperator<@Nullable String> environment) {
        this(environment, path -> {
            throw new IOException("no files here");
        });
    }

    /// `files` reads the files that the configuration names.
    public ConfigReader(UnaryOperator<@Nullable String> environment, FileText files) {
        this.environment = environment;
        this.files = files;
    }

    /// Reads YAML text. All faults are found in one go, not only the first.
    public ConfigRead read(String yaml) {
        Faults faults = new Faults();
        Tree written = TreeReader.read(yaml, faults);
        Config config = written == null ? null : config(written, faults);
        return new ConfigRead(faults.broken() ? null : config, faults.inOrder());
    }

    private @Nullable Config config(Tree written, Faults faults) {
        Tree tree = new Interpolation(environment, files, faults).expand(written);
        if (Tree.isNothing(tree)) {
            tree = new Tree.Mapping(List.of(), Place.START);
        }
        if (!(tree instanceof Tree.Mapping mapping)) {
            faults.error(tree.place(), "", "the file must be a map with adminKey, providers, models and keys");
            return null;
        }
        SchemaCheck check = new SchemaCheck(faults);
        check.check(tree, new Kind.Keys(Schema.TOP), "", Place.START);
        Cursor top = new Cursor(mapping, Schema.TOP, "", Place.START, faults);
        String adminKey = adminKey(top);
        for (String section : List.of("providers", "models", "keys")) {
            if (!top.mentions(section)) {
                top.error(section, "must be given, though it may be empty: {}");
            }
        }
        Long olderTotal = top.object("timeout").whole("defaultSeconds");
        Timeouts timeouts = SettingsReader.timeouts(
                top.object("timeouts"), olderTotal == null ? null : Duration.ofSeconds(olderTotal), Timeouts.DEFAULT)
                .withStall(StallReader.top(top.object("stall")));
        Retry retry = SettingsReader.retry(top).over(Retry.DEFAULT);
        ProviderReader providerReader = new ProviderReader(timeouts, retry, check);
        Map<ProviderId, Provider> providers = new LinkedHashMap<>();
        top.objects("providers").forEach((id, at) -> providers.put(new ProviderId(id), providerReader.read(id, at)));
        Map<AliasName, Alias> aliases = new AliasReader(providers, top.objects("models")).read();
        Map<String, UserQuota> quotas = AccessReader.userQuotas(top);
        AccessReader.checkAddresses(top, "trustedProxies", false);
        OAuthCheck.check(top);
        warnOfOldQuotas(top);
        double exploration = rate(top, "performanceExplorationRate", EXPLORATION_RATE);
        return new Config(
                hash(mapping, adminKey),
                adminKey,
                providers,
                aliases,
                AccessReader.keys(top, quotas.keySet()),
                SettingsReader.failover(top.object("failover")),
                SettingsReader.cooldown(top.object("cooldown")),
                exploration,
                rate(top, "latencyExplorationRate", exploration),
                rate(top, "e2ePerformanceExplorationRate", exploration),
                quotas,
                AccessReader.mcpServers(top),
                SettingsReader.limits(top.object("limits"), top),
                SettingsReader.retention(top.object("retention")),
                Duration.ofSeconds(top.object("shutdown").whole("graceSeconds", 30)),
                top.flag("exposeRoutingHeaders", true),
                top.texts("trustedProxies").stream().map(String::strip).toList());
    }

    private String adminKey(Cursor top) {
        String given = environment.apply(ADMIN_KEY);
        if (given != null && !given.isBlank()) {
            return given;
        }
        if (!top.has("adminKey")) {
            top.error("adminKey", "must be given, here or as the environment variable " + ADMIN_KEY);
        }
        return top.text("adminKey", "");
    }

    private static double rate(Cursor top, String key, double fallback) {
        BigDecimal rate = top.number(key);
        return rate == null ? fallback : rate.doubleValue();
    }

    private static void warnOfOldQuotas(Cursor top) {
        if (top.value("quotas") instanceof Tree.Sequence(var items, _)) {
            for (int i = 0; i < items.size(); i++) {
                top.faults().warning(
                        items.get(i).place(),
                        Paths.item(top.pathOf("quotas"), i),
                        "no longer used: configure providers.<id>.quota_checker");
            }
        } else if (top.has("quotas")) {
            top.warning("quotas", "no longer used: configure providers.<id>.quota_checker");
        }
    }

    /// Of everything that was put in, and the admin key wherever it came from. The order of the file counts, since it orders dialects and aliases.
    private static String hash(Tree tree, String adminKey) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(JsonText.of(tree).getBytes(StandardCharsets.UTF_8));
            digest.update(JsonText.quote(adminKey).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java has SHA-256", missing);
        }
    }
}
