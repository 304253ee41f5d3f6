package dev.plexus.config;

import dev.plexus.model.DialectId;
import dev.plexus.model.TranslationOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The settings of one model at one provider. An empty `accessVia` means that the provider's API types hold; `pricing` is null where the
/// file gives no settings at all; `contextWindow` is in tokens; `maxConcurrency` bounds the attempts that run
/// at the same time, null is no bound.
public record ProviderModel(
        @Nullable Pricing pricing,
        List<DialectId> accessVia,
        @Nullable ModelType type,
        @Nullable Integer contextWindow,
        TranslationOptions translation,
        @Nullable Integer maxConcurrency,
        @Nullable Boolean prefill) {

    /// A model that the file only names.
    public static final ProviderModel UNPRICED = new ProviderModel(null, List.of(), null, null, TranslationOptions.NONE, null, null);

    public ProviderModel {
        accessVia = List.copyOf(accessVia);
    }
}
