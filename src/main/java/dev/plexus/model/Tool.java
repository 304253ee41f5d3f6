package dev.plexus.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Something that the model may use.
public sealed interface Tool {

    /// `schema` is the JSON text of the parameters' schema, null where there are none. `namespace` groups tools in the Responses API.
    record Function(
            String name,
            @Nullable String description,
            @Nullable String schema,
            @Nullable Boolean strict,
            @Nullable String namespace,
            @Nullable CacheMark cache)
            implements Tool {}

    /// A tool with free text input; `format` is the JSON text of the vendor's own format object, null for plain text.
    record Custom(String name, @Nullable String description, @Nullable String format, @Nullable String namespace) implements Tool {}

    /// Search of the web by the provider.
    record WebSearch(
            List<String> allowedDomains,
            List<String> blockedDomains,
            @Nullable Long maxUses,
            @Nullable String contextSize,
            @Nullable Place userLocation)
            implements Tool {

        public WebSearch {
            allowedDomains = List.copyOf(allowedDomains);
            blockedDomains = List.copyOf(blockedDomains);
        }
    }

    /// Another tool that the provider runs itself; `type` is the canonical one, `name` the vendor's word for it.
    record Builtin(Type type, String name) implements Tool {

        /// The kinds that more than one vendor has.
        public enum Type {
            WEB_FETCH,
            CODE_EXECUTION,
            FILE_SEARCH,
            COMPUTER,
            IMAGE_GENERATION,
            MCP,
            SHELL,
            TEXT_EDITOR,
            MEMORY,
            TOOL_SEARCH,
            MAPS,
            OTHER
        }
    }

    /// An approximate place; any member may be absent.
    record Place(@Nullable String city, @Nullable String region, @Nullable String country, @Nullable String timezone) {}
}
