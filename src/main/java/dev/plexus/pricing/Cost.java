package dev.plexus.pricing;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// What one exchange came to in US dollars, each part rounded to 8 decimals; the parts are null where there is no price. `source` and
/// `metadata` (JSON text) say which price was applied.
public record Cost(
        @Nullable BigDecimal input,
        @Nullable BigDecimal output,
        @Nullable BigDecimal cached,
        @Nullable BigDecimal cacheWrite,
        @Nullable BigDecimal total,
        String source,
        String metadata) {}
