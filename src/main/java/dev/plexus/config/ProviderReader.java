package dev.plexus.config;

import dev.plexus.model.DialectId;
import dev.plexus.model.ProviderId;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads `providers`. One instance per document.
final class ProviderReader {

    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x08\\x0A-\\x1F\\x7F]");
    private static final String LEGACY_ACCOUNT = "legacy";

    private final Timeouts timeouts;
    private final Retry retry;
    private final SchemaCheck check;
    private final QuotaCheckers checkers = new QuotaCheckers();

    /// `timeouts` and `retry` are those of the top level.
    ProviderReader(Timeouts timeouts, Retry retry, SchemaCheck check) {
        this.timeouts = timeouts;
        this.retry = retry;
        this.check = check;
    }

    Provider read(String id, Cursor at) {
        if (id.contains("/")) {
            at.warning("an id with / cannot be reached by direct/<provider>/<model>");
        }
        BaseUrls base = BaseUrls.read(at);
        credentials(at, base);
        checkHeaders(at);
        BigDecimal olderTotal = at.number("timeoutMs");
        boolean enabled = at.flag("enabled", true);
        return new Provider(
                new ProviderId(id),
                at.text("display_name"),
                base.dialects(),
                base.urls(),
                at.text("api_key"),
                at.word("oauth_provider"),
                base.oauth() || at.has("oauth_provider") ? account(at) : null,
                enabled,
                at.flag("disable_cooldown", false),
                at.number("discount"),
                models(at, base),
                at.textMap("headers"),
                extraBody(at),
                at.flag("estimateTokens", false),
                at.flag("inject_stream_usage", at.object("translation").flag("inject_stream_usage", true)),
                at.word("on_disconnect", "cancel").equals("drain"),
                SettingsReader.timeouts(
                        at.object("timeouts"), olderTotal == null ? null : Duration.ofMillis(olderTotal.longValue()), timeouts)
                        .withStall(StallReader.provider(at, timeouts.stall())),
                SettingsReader.retry(at).over(retry),
                checkers.read(at, id, enabled),
                TranslationReader.read(at.object("translation")),
                SettingsReader.integer(at, "maxConcurrency"),
                at.flag("prefill"));
    }

    /// The account of a subscription.
    static String account(Cursor at) {
        String account = at.text("oauth_account", "").strip();
        return account.isEmpty() ? LEGACY_ACCOUNT : account;
    }

    private static void credentials(Cursor at, BaseUrls base) {
        if (base.oauth()) {
            if (!at.has("oauth_provider")) {
                at.error("'oauth_provider' must be specified when using oauth://");
            }
            if (at.text("oauth_account", "").isBlank()) {
                at.warning("oauth_account is not given, so the account \"" + LEGACY_ACCOUNT + "\" is used");
            }
        } else if (!base.simulator() && !at.has("api_key") && at.has("api_base_url")) {
            at.error("'api_key' must be specified for provider");
        }
        if (CONTROL.matcher(at.text("api_key", "")).find()) {
            at.error("api_key", "must be one line without control characters");
        }
    }

    private static void checkHeaders(Cursor at) {
        at.textMap("headers").forEach((name, value) -> {
            if (!HEADER_NAME.matcher(name).matches()) {
                at.error("headers", "holds a name that no HTTP header can have");
            }
            if (CONTROL.matcher(value).find()) {
                at.faults().error(at.placeOf("headers"), Paths.member(at.pathOf("headers"), name), "must be one line without control characters");
            }
        });
    }

    private static Map<String, String> extraBody(Cursor at) {
        Map<String, String> members = new LinkedHashMap<>();
        if (at.value("extraBody") instanceof Tree.Mapping(var entries, _)) {
            for (Tree.Member member : entries) {
                if (!JsonText.hasForm(member.value())) {
                    at.faults().error(member.place(), Paths.member(at.pathOf("extraBody"), member.name()), "holds a number that JSON cannot write");
                }
                members.put(member.name(), JsonText.of(member.value()));
            }
        }
        return members;
    }

    private Map<String, ProviderModel> models(Cursor at, BaseUrls base) {
        Map<String, ProviderModel> models = new LinkedHashMap<>();
        switch (at.value("models")) {
            case Tree.Sequence(var items, _) -> {
                check.check(at.value("models"), new Kind.ListOf(new Kind.Text(true)), at.pathOf("models"), at.placeOf("models"));
                for (Tree item : items) {
                    if (item instanceof Tree.Scalar scalar && !scalar.text().isBlank()) {
                        models.putIfAbsent(scalar.text(), ProviderModel.UNPRICED);
                    }
                }
            }
            case Tree.Mapping mapping -> {
                Kind kind = new Kind.MapOf("model", new Kind.Keys(Schema.PROVIDER_MODEL));
                check.check(mapping, kind, at.pathOf("models"), at.placeOf("models"));
                at.objects(mapping, Schema.PROVIDER_MODEL, at.pathOf("models"))
                        .forEach((name, model) -> models.put(name, model(model, base)));
            }
            case Tree.Scalar _ -> at.error("models", "must be a list of names, or a map: model → settings");
            case null -> {}
        }
        return models;
    }

    private static ProviderModel model(Cursor at, BaseUrls base) {
        List<DialectId> accessVia = new ArrayList<>();
        for (String name : at.texts("access_via")) {
            DialectId.of(name.strip()).filter(dialect -> !accessVia.contains(dialect)).ifPresent(accessVia::add);
        }
        for (DialectId dialect : accessVia) {
            if (base.guessed().contains(dialect)) {
                at.warning("access_via", "api_base_url gives no URL for " + dialect.label() + " and no default; its first URL is used");
            }
        }
        Pricing pricing = PricingReader.read(at.object("pricing"));
        return new ProviderModel(
                pricing,
                accessVia,
                modelType(at),
                SettingsReader.integer(at, "context_window"),
                TranslationReader.read(at.object("translation")),
                SettingsReader.integer(at, "maxConcurrency"),
                at.flag("prefill"));
    }

    /// The `type` of a model or an alias, or null when it is unset.
    static @Nullable ModelType modelType(Cursor at) {
        return switch (at.word("type")) {
            case "chat", "text" -> ModelType.CHAT;
            case "responses" -> ModelType.RESPONSES;
            case "embeddings" -> ModelType.EMBEDDINGS;
            case "transcriptions" -> ModelType.TRANSCRIPTIONS;
            case "speech" -> ModelType.SPEECH;
            case "image", "images" -> ModelType.IMAGE;
            case null, default -> null;
        };
    }
}
