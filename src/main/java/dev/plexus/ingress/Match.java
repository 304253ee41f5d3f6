package dev.plexus.ingress;

import dev.plexus.dialect.RequestPath;
import dev.plexus.model.DialectId;
import dev.plexus.model.GatewayError;
import org.jspecify.annotations.Nullable;

/// What a request line asks for.
sealed interface Match {

    /// Inference; `path` where the path names the model.
    record Inference(Operation operation, @Nullable RequestPath path) implements Match {}

    /// How many tokens a request would have; `path` where the path names the model.
    record TokenCount(DialectId dialect, @Nullable RequestPath path) implements Match {}

    /// One of the small answers that the ingress gives by itself. `id` is the rest of the path, empty when there is none.
    record Page(Kind kind, String id) implements Match {
        enum Kind {
            MODELS,
            MODEL,
            GEMINI_MODELS,
            GEMINI_MODEL,
            PRICES,
            HEALTH,
            LIVE,
            READY,
            METRICS,
            DASHBOARD
        }
    }

    /// Something of the management API; what, its own actor knows.
    record Admin() implements Match {}

    /// Nothing that exists, in the error form of the dialect whose paths it resembles. `allow` names the methods of a path that exists for others.
    record Unknown(DialectId dialect, GatewayError error, @Nullable String allow) implements Match {}
}
