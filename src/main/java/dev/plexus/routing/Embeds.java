package dev.plexus.routing;

import dev.plexus.config.Alias;
import dev.plexus.config.ModelType;
import dev.plexus.config.Provider;
import dev.plexus.config.ProviderModel;
import dev.plexus.model.DialectId;

/// Whether a target is known to make embeddings: the first rule that decides holds (routing.md 4, step 5).
final class Embeds {

    private Embeds() {}

    static boolean test(Provider provider, String model, Alias alias) {
        ProviderModel settings = provider.models().get(model);
        ModelType type = settings == null ? null : settings.type();
        if (type == ModelType.EMBEDDINGS) {
            return true;
        }
        if (type == ModelType.CHAT) {
            return false;
        }
        return alias.type() == ModelType.EMBEDDINGS || provider.dialects().contains(DialectId.EMBEDDINGS);
    }
}
