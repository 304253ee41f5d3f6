package dev.plexus.config;

import dev.plexus.model.DialectId;
import dev.plexus.model.ProviderId;
import dev.plexus.model.TranslationOptions;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A configured upstream account.
///
/// `dialects` are the API types it speaks, in the order of the file; `baseUrls` says where each of them lives (every dialect has an entry, without
/// trailing slash). `headers` are set last on each upstream request. `extraBody` maps a member name to its JSON text. `models` holds the settings
/// of the models that the file names; a model without settings maps to [ProviderModel#UNPRICED].
/// `timeouts` and `retry` are complete: top-level values are merged in already. `prefill` is null where the file does not say (see [#continues]).
/// `maxConcurrency` bounds the attempts that run at the same time, of all models together; null is no bound.
public record Provider(
        ProviderId id,
        @Nullable String displayName,
        List<DialectId> dialects,
        Map<DialectId, String> baseUrls,
        @Nullable String apiKey,
        @Nullable String oauthProvider,
        @Nullable String oauthAccount,
        boolean enabled,
        boolean disableCooldown,
        @Nullable BigDecimal discount,
        Map<String, ProviderModel> models,
        Map<String, String> headers,
        Map<String, String> extraBody,
        boolean estimateTokens,
        boolean injectStreamUsage,
        boolean drainOnDisconnect,
        Timeouts timeouts,
        Retry retry,
        @Nullable QuotaChecker quotaChecker,
        TranslationOptions translation,
        @Nullable Integer maxConcurrency,
        @Nullable Boolean prefill) {

    public Provider {
        dialects = List.copyOf(dialects);
        baseUrls = Map.copyOf(baseUrls);
        models = Collections.unmodifiableMap(new LinkedHashMap<>(models));
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        extraBody = Collections.unmodifiableMap(new LinkedHashMap<>(extraBody));
    }

    /// The API types of one model: its `access_via` when that names any, else the provider's.
    public List<DialectId> dialectsOf(String model) {
        ProviderModel settings = models.get(model);
        return settings == null || settings.accessVia().isEmpty() ? dialects : settings.accessVia();
    }

    /// How one model wants to be spoken to: its own options over the provider's.
    public TranslationOptions translationOf(String model) {
        ProviderModel settings = models.get(model);
        return settings == null ? translation : settings.translation().over(translation);
    }

    /// Whether a model, called in this dialect, goes on with an assistant turn that was begun: as the file says, else as the vendors of the dialect do.
    public boolean continues(String model, DialectId dialect) {
        ProviderModel settings = models.get(model);
        if (settings != null && settings.prefill() != null) {
            return settings.prefill();
        }
        return prefill != null ? prefill : dialect == DialectId.MESSAGES || dialect == DialectId.GEMINI;
    }

    /// The bound on attempts that run at the same time at this one model; null is no bound.
    public @Nullable Integer maxConcurrencyOf(String model) {
        ProviderModel settings = models.get(model);
        return settings == null ? null : settings.maxConcurrency();
    }

    /// Secrets stay out of logs.
    @Override
    public String toString() {
        return "Provider[" + id + "]";
    }
}
