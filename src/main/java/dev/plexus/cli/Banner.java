package dev.plexus.cli;

import dev.plexus.app.Settings;
import dev.plexus.app.Version;
import dev.plexus.config.Alias;
import dev.plexus.config.Config;
import dev.plexus.config.KeyRule;
import dev.plexus.model.KeyName;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a person reads once the gateway listens: where it is, and a first request to paste when there is a demo key to send it with.
final class Banner {

    /// The key that the demo configuration gives away; its secret is in the repository and protects nothing.
    private static final KeyName DEMO = new KeyName("demo");

    private Banner() {}

    static String of(Settings settings, int port, @Nullable Config config) {
        String url = "http://" + reachable(settings.host()) + ":" + port;
        StringBuilder text = new StringBuilder()
                .append("\nPlexus ").append(Version.current()).append(" listens on ").append(settings.host()).append(':').append(port)
                .append("\n  dashboard      ").append(url).append('/')
                .append("\n  configuration  ").append(settings.configFile())
                .append('\n');
        if (config != null) {
            demoSecret(config).ifPresent(secret -> text
                    .append("  demo key       ").append(secret).append('\n')
                    .append(firstRequest(url, secret, config)));
        }
        return text.toString();
    }

    /// A key is the demo's only if both its name and its secret say so: a real secret is never printed.
    static Optional<String> demoSecret(Config config) {
        KeyRule demo = config.keys().get(DEMO);
        return demo != null && demo.secret().contains("demo") ? Optional.of(demo.secret()) : Optional.empty();
    }

    private static String firstRequest(String url, String secret, Config config) {
        return config.aliases().values().stream()
                .filter(alias -> alias.type() == null)
                .findFirst()
                .map(Banner::nameOf)
                .map(model -> """

                        Try it:
                          curl -N %s/v1/chat/completions -H 'Authorization: Bearer %s' -H 'Content-Type: application/json' \\
                            -d '{"model":"%s","stream":true,"messages":[{"role":"user","content":"Hello"}]}'
                        """.formatted(url, secret, model))
                .orElse("");
    }

    private static String nameOf(Alias alias) {
        return alias.name().value();
    }

    /// An address that a browser on this machine can open.
    static String reachable(String host) {
        return switch (host) {
            case "0.0.0.0", "::", "[::]", "" -> "localhost";
            default -> host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        };
    }
}
