package dev.plexus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.app.Settings;
import dev.plexus.config.Alias;
import dev.plexus.config.Config;
import dev.plexus.config.CooldownPolicy;
import dev.plexus.config.Failover;
import dev.plexus.config.KeyRule;
import dev.plexus.config.Limits;
import dev.plexus.config.ModelType;
import dev.plexus.config.Retention;
import dev.plexus.config.RetryOverride;
import dev.plexus.config.Selector;
import dev.plexus.model.AliasName;
import dev.plexus.model.KeyName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BannerTest {

    @Test
    void the_demo_gets_its_key_and_a_request_to_paste() {
        Config demo = config(key("demo", "sk-demo"), alias("vectors", ModelType.EMBEDDINGS), alias("demo", null));

        String banner = Banner.of(settings("0.0.0.0"), 4000, demo);

        assertThat(banner)
                .contains("listens on 0.0.0.0:4000")
                .contains("dashboard      http://localhost:4000/\n")
                .contains("configuration  conf/plexus.yaml\n")
                .contains("demo key       sk-demo\n")
                .contains("curl -N http://localhost:4000/v1/chat/completions -H 'Authorization: Bearer sk-demo'")
                .contains("\"model\":\"demo\",\"stream\":true");
    }

    @Test
    void a_real_secret_is_never_shown() {
        assertThat(Banner.of(settings("0.0.0.0"), 4000, config(key("demo", "sk-7f3a"), alias("fast", null))))
                .doesNotContain("sk-7f3a").doesNotContain("curl");
        assertThat(Banner.of(settings("0.0.0.0"), 4000, config(key("web", "sk-demo"), alias("fast", null))))
                .doesNotContain("sk-demo").doesNotContain("curl");
    }

    @Test
    void without_a_chat_alias_there_is_nothing_to_paste() {
        assertThat(Banner.of(settings("0.0.0.0"), 4000, config(key("demo", "sk-demo"), alias("vectors", ModelType.EMBEDDINGS))))
                .contains("sk-demo").doesNotContain("curl");
    }

    @Test
    void addresses_are_such_as_a_browser_opens() {
        assertThat(Banner.reachable("0.0.0.0")).isEqualTo("localhost");
        assertThat(Banner.reachable("::")).isEqualTo("localhost");
        assertThat(Banner.reachable("10.0.0.7")).isEqualTo("10.0.0.7");
        assertThat(Banner.reachable("fe80::1")).isEqualTo("[fe80::1]");
    }

    private static Settings settings(String host) {
        Map<String, String> variables = Map.of("HOST", host);
        return ((Environment.Outcome.Good) Environment.read(
                variables::get, Environment.Options.NONE, Path.of(""), Path.of("conf/plexus.yaml"), Path.of(""))).settings();
    }

    private static KeyRule key(String name, String secret) {
        return new KeyRule(new KeyName(name), secret, null, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), null, null);
    }

    private static Alias alias(String name, @Nullable ModelType type) {
        return new Alias(new AliasName(name), Selector.values()[0], false, false, List.of(), List.of(), List.of(), type, false, RetryOverride.NONE, false);
    }

    private static Config config(KeyRule key, Alias... aliases) {
        Map<AliasName, Alias> byName = new LinkedHashMap<>();
        for (Alias alias : aliases) {
            byName.put(alias.name(), alias);
        }
        return new Config("hash", "admin", Map.of(), byName, Map.of(key.name(), key), new Failover(true, new BitSet(), List.of(), Duration.ZERO),
                new CooldownPolicy(Duration.ZERO, Duration.ZERO), 0, 0, 0, Map.of(), Map.of(), Limits.DEFAULT, Retention.DEFAULT, Duration.ZERO, false, List.of());
    }
}
