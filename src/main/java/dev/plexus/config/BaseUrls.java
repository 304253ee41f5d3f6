package dev.plexus.config;

import dev.plexus.model.DialectId;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What `api_base_url` says: the dialects of a provider, where each of them lives, and whether it is one of the special schemes.
///
/// `urls` has an entry for every dialect that a request may be sent in, those of `access_via` included: the one of its own name, else `default`,
/// else the first. `guessed` are those that have the first for want of anything better.
record BaseUrls(List<DialectId> dialects, Map<DialectId, String> urls, Set<DialectId> guessed, boolean oauth, boolean simulator) {

    private static final String OAUTH = "oauth://";
    private static final String SIMULATOR = "simulator://";
    private static final String DEFAULT = "default";
    private static final String KEY = "api_base_url";
    private static final List<DialectId> SIMULATED =
            List.of(DialectId.CHAT, DialectId.MESSAGES, DialectId.GEMINI, DialectId.RESPONSES, DialectId.EMBEDDINGS);

    private static final List<String> TYPE_NAMES = Arrays.stream(DialectId.values()).map(DialectId::label).toList();
    private static final BaseUrls NONE = new BaseUrls(List.of(), Map.of(), Set.of(), false, false);

    BaseUrls {
        dialects = List.copyOf(dialects);
        urls = Map.copyOf(urls);
        guessed = Set.copyOf(guessed);
    }

    static BaseUrls read(Cursor provider) {
        return switch (provider.value(KEY)) {
            case Tree.Scalar scalar -> ofText(provider, scalar);
            case Tree.Mapping mapping -> ofMap(provider, mapping);
            case Tree.Sequence _ -> {
                provider.error(KEY, "must be a URL, or a map: API type → URL");
                yield NONE;
            }
            case null -> NONE;
        };
    }

    private static BaseUrls ofText(Cursor provider, Tree.Scalar scalar) {
        String url = scalar.text().strip();
        if (scalar.origin() == Tree.Origin.UNRESOLVED) {
            return NONE;
        }
        if (!isUsable(url)) {
            provider.error(KEY, "must be a valid URL or oauth://");
            return NONE;
        }
        String lower = url.toLowerCase(Locale.ROOT);
        if (lower.startsWith(SIMULATOR)) {
            return simulated(url);
        }
        DialectId dialect;
        if (lower.startsWith(OAUTH)) {
            dialect = DialectId.OAUTH;
        } else if (lower.contains("anthropic.com")) {
            dialect = DialectId.MESSAGES;
        } else if (lower.contains("generativelanguage.googleapis.com")) {
            dialect = DialectId.GEMINI;
        } else {
            dialect = DialectId.CHAT;
        }
        boolean oauth = dialect == DialectId.OAUTH;
        return new BaseUrls(List.of(dialect), everywhere(Map.of(), trimmed(url), oauth), Set.of(), oauth, false);
    }

    /// `simulator://` speaks all dialects; the paths are those of the vendors.
    private static BaseUrls simulated(String url) {
        String root = trimmed(url);
        return new BaseUrls(SIMULATED, everywhere(Map.of(DialectId.GEMINI, root), root + "/v1", false), Set.of(), false, true);
    }

    private static BaseUrls ofMap(Cursor provider, Tree.Mapping mapping) {
        Gathering gathering = new Gathering(provider);
        mapping.members().forEach(gathering::add);
        return gathering.done();
    }

    /// The work on one map.
    private static final class Gathering {
        private final Cursor provider;
        private final Map<DialectId, String> own = new LinkedHashMap<>();
        private @Nullable String fallback;
        private @Nullable String first;
        private boolean oauth;
        private boolean simulator;
        private boolean refused;

        Gathering(Cursor provider) {
            this.provider = provider;
        }

        void add(Tree.Member member) {
            String path = Paths.member(provider.pathOf(KEY), member.name());
            if (Tree.isNothing(member.value())) {
                return;
            }
            String url = member.value() instanceof Tree.Scalar scalar ? scalar.text().strip() : "-";
            if (url.isEmpty()) {
                return;
            }
            if (member.value() instanceof Tree.Scalar scalar && scalar.origin() == Tree.Origin.UNRESOLVED) {
                refused = true;
                return;
            }
            if (!isUsable(url)) {
                refused = true;
                provider.faults().error(member.place(), path, "must be a valid URL or oauth://");
                return;
            }
            oauth |= url.toLowerCase(Locale.ROOT).startsWith(OAUTH);
            simulator |= url.toLowerCase(Locale.ROOT).startsWith(SIMULATOR);
            String base = trimmed(url);
            first = first == null ? base : first;
            Optional<DialectId> dialect = DialectId.of(member.name());
            if (member.name().equalsIgnoreCase(DEFAULT)) {
                fallback = base;
            } else if (dialect.isEmpty()) {
                provider.faults().warning(member.place(), path, "unknown API type, ignored" + Nearest.hint(member.name(), TYPE_NAMES));
            } else if (own.putIfAbsent(dialect.get(), base) != null) {
                provider.faults().warning(member.place(), path, "this API type stands here twice; the first one holds");
            }
        }

        BaseUrls done() {
            if (first == null) {
                if (!refused) {
                    provider.error(KEY, "must give at least one URL");
                }
                return NONE;
            }
            if (own.isEmpty()) {
                provider.warning(KEY, "names no API type, so only models with access_via can be used");
            }
            Map<DialectId, String> urls = everywhere(own, fallback == null ? first : fallback, oauth);
            Set<DialectId> guessed = EnumSet.noneOf(DialectId.class);
            if (fallback == null) {
                guessed.addAll(urls.keySet());
                guessed.removeAll(own.keySet());
            }
            return new BaseUrls(List.copyOf(own.keySet()), urls, guessed, oauth, simulator);
        }
    }

    private static Map<DialectId, String> everywhere(Map<DialectId, String> own, String otherwise, boolean oauth) {
        Map<DialectId, String> urls = new EnumMap<>(DialectId.class);
        for (DialectId dialect : DialectId.values()) {
            if (dialect != DialectId.OAUTH || oauth || own.containsKey(dialect)) {
                urls.put(dialect, own.getOrDefault(dialect, otherwise));
            }
        }
        return urls;
    }

    private static boolean isUsable(String url) {
        String lower = url.toLowerCase(Locale.ROOT);
        if (lower.startsWith(SIMULATOR)) {
            try {
                return lower.equals(SIMULATOR) || new URI(url).getScheme() != null;
            } catch (URISyntaxException _) {
                return false;
            }
        }
        return lower.startsWith(OAUTH) || SchemaCheck.isHttpUrl(url);
    }

    /// Without one trailing slash, which the scheme keeps.
    private static String trimmed(String url) {
        return url.endsWith("/") && !url.endsWith("://") ? url.substring(0, url.length() - 1) : url;
    }
}
