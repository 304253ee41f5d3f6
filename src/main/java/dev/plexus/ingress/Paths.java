package dev.plexus.ingress;

import dev.plexus.dialect.RequestPath;
import dev.plexus.ingress.Match.Page.Kind;
import dev.plexus.model.DialectId;
import dev.plexus.model.ErrorKind;
import dev.plexus.model.GatewayError;
import io.vertx.core.http.HttpMethod;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds what a method and a path mean. Inference comes first and by one look-up.
final class Paths {

    private static final Map<String, Match.Inference> INFERENCE = Map.of(
            "/v1/chat/completions", new Match.Inference(Operation.CHAT_COMPLETIONS, null),
            "/v1/messages", new Match.Inference(Operation.MESSAGES, null),
            "/v1/responses", new Match.Inference(Operation.RESPONSES, null),
            "/v1/codex/responses", new Match.Inference(Operation.RESPONSES, null),
            "/v1/embeddings", new Match.Inference(Operation.EMBEDDINGS, null));

    private static final Map<String, Match.Page> PAGES = Map.of(
            "/v1/openrouter/models", new Match.Page(Kind.PRICES, ""),
            "/v1/models", new Match.Page(Kind.MODELS, ""),
            "/v1beta/models", new Match.Page(Kind.GEMINI_MODELS, ""),
            "/health", new Match.Page(Kind.HEALTH, ""),
            "/health/live", new Match.Page(Kind.LIVE, ""),
            "/health/ready", new Match.Page(Kind.READY, ""),
            "/metrics", new Match.Page(Kind.METRICS, ""));

    private static final String COUNT_TOKENS = "/v1/messages/count_tokens";
    private static final String MODELS = "/v1/models/";
    private static final String GEMINI_MODELS = "/v1beta/models/";

    private Paths() {}

    static Match match(HttpMethod method, String rawPath, @Nullable String query) {
        String path = rawPath.length() > 1 && rawPath.endsWith("/") ? rawPath.substring(0, rawPath.length() - 1) : rawPath;
        Match.Inference inference = INFERENCE.get(path);
        if (inference != null) {
            return method == HttpMethod.POST ? inference : wrongMethod(dialectOf(path), "POST");
        }
        if (path.equals(COUNT_TOKENS)) {
            return method == HttpMethod.POST ? new Match.TokenCount(DialectId.MESSAGES, null) : wrongMethod(DialectId.MESSAGES, "POST");
        }
        boolean reads = method == HttpMethod.GET || method == HttpMethod.HEAD;
        Match.Page page = PAGES.get(path);
        if (page != null) {
            return reads ? page : wrongMethod(dialectOf(path), "GET, HEAD");
        }
        if (path.startsWith(GEMINI_MODELS)) {
            return gemini(method, path.substring(GEMINI_MODELS.length()), query);
        }
        if (path.startsWith(MODELS)) {
            String rest = path.substring(MODELS.length());
            boolean acts = method == HttpMethod.POST && rest.indexOf(':') >= 0;
            if (acts || namesAction(rest)) {
                return gemini(method, rest, query);
            }
            return reads ? new Match.Page(Kind.MODEL, decode(rest)) : wrongMethod(DialectId.CHAT, "GET, HEAD");
        }
        if (path.equals("/v0") || path.startsWith("/v0/")) {
            return new Match.Admin();
        }
        boolean api = path.equals("/v1") || path.startsWith("/v1/") || path.startsWith("/v1beta");
        if (!api && reads) {
            return new Match.Page(Kind.DASHBOARD, path);
        }
        return notFound(dialectOf(path));
    }

    /// `{model}:{action}`: model names may hold colons and slashes, so the last colon divides.
    private static Match gemini(HttpMethod method, String rest, @Nullable String query) {
        int colon = rest.lastIndexOf(':');
        boolean reads = method == HttpMethod.GET || method == HttpMethod.HEAD;
        if (method != HttpMethod.POST && namesAction(rest)) {
            return wrongMethod(DialectId.GEMINI, "POST");
        }
        if (reads) {
            return new Match.Page(Kind.GEMINI_MODEL, decode(rest));
        }
        if (method != HttpMethod.POST || colon < 0) {
            return wrongMethod(DialectId.GEMINI, "GET, HEAD");
        }
        if (colon == 0) {
            return notFound(DialectId.GEMINI);
        }
        String model = decode(rest.substring(0, colon));
        String plain = model.startsWith("models/") ? model.substring("models/".length()) : model;
        String alt = parameter(query, "alt");
        return switch (rest.substring(colon + 1)) {
            case "generateContent" ->
                new Match.Inference(Operation.GENERATE_CONTENT, new RequestPath(plain, false, false));
            case "streamGenerateContent" -> {
                if (alt != null && !alt.equals("sse") && !alt.equals("json")) {
                    yield new Match.Unknown(
                            DialectId.GEMINI,
                            GatewayError.of(ErrorKind.INVALID_REQUEST, "alt must be 'sse' or 'json'").withParam("alt"),
                            null);
                }
                yield new Match.Inference(Operation.GENERATE_CONTENT, new RequestPath(plain, true, "sse".equals(alt)));
            }
            case "countTokens" -> new Match.TokenCount(DialectId.GEMINI, new RequestPath(plain, false, false));
            default -> notFound(DialectId.GEMINI);
        };
    }

    /// True if the path ends in something that can be done with a model, and is not merely a model whose name has a colon.
    private static boolean namesAction(String rest) {
        return rest.endsWith(":generateContent") || rest.endsWith(":streamGenerateContent") || rest.endsWith(":countTokens");
    }

    /// The first value of a query parameter; `$alt` is read as `alt`.
    static @Nullable String parameter(@Nullable String query, String name) {
        if (query == null || query.isEmpty()) {
            return null;
        }
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String key = decode(equals < 0 ? pair : pair.substring(0, equals));
            if (key.equals(name) || key.equals("$" + name)) {
                return equals < 0 ? "" : decode(pair.substring(equals + 1));
            }
        }
        return null;
    }

    /// Percent-decodes; text that is not well-formed stays as it is and will be found nowhere.
    private static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return text;
        }
    }

    /// The dialect whose paths this one resembles.
    static DialectId dialectOf(String path) {
        if (path.startsWith("/v1beta")) {
            return DialectId.GEMINI;
        }
        if (path.startsWith("/v1/messages")) {
            return DialectId.MESSAGES;
        }
        return path.startsWith("/v1/responses") ? DialectId.RESPONSES : DialectId.CHAT;
    }

    private static Match.Unknown wrongMethod(DialectId dialect, String allow) {
        return new Match.Unknown(
                dialect, GatewayError.of(ErrorKind.METHOD, "method_not_allowed", "This path answers to " + allow), allow);
    }

    private static Match.Unknown notFound(DialectId dialect) {
        return new Match.Unknown(dialect, GatewayError.of(ErrorKind.NOT_FOUND, "not_found", "There is nothing at this path"), null);
    }
}
