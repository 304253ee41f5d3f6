package dev.plexus.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Checks what the types alone do not say about the `oauth` block.
final class OAuthCheck {

    private static final List<String> URLS = List.of(
            "authorizeUrl", "tokenUrl", "redirectUri", "browserRedirectUri", "deviceCodeUrl", "deviceTokenUrl", "deviceVerificationUrl",
            "deviceRedirectUri", "userInfoUrl");
    private static final List<String> TEMPLATES = List.of("copilotTokenUrl", "usageUrl");
    private static final List<String> LISTS = List.of("onboardingUrl", "apiBaseUrl");

    private OAuthCheck() {}

    static void check(Cursor top) {
        Cursor oauth = top.object("oauth");
        for (String id : Schema.OAUTH_PROVIDERS) {
            if (oauth.has(id)) {
                checkProvider(oauth.object(id));
            }
        }
        oauth.objects("providers").forEach((id, at) -> {
            if (Schema.OAUTH_PROVIDERS.contains(id)) {
                checkProvider(at);
                warnOfBoth(oauth.object(id), at);
            } else {
                String allowed = String.join(", ", Schema.OAUTH_PROVIDERS);
                at.error("unknown OAuth provider; allowed: " + allowed + Nearest.hint(id, Schema.OAUTH_PROVIDERS));
            }
        });
    }

    private static void checkProvider(Cursor at) {
        for (String key : URLS) {
            checkUrl(at, key, at.text(key));
        }
        for (String key : TEMPLATES) {
            checkTemplate(at, key, at.text(key));
        }
        for (String key : LISTS) {
            checkTemplate(at, key, at.text(key));
            at.texts(key).forEach(url -> checkTemplate(at, key, url));
        }
    }

    /// `{domain}` and `{host}` stand for hosts that are found later.
    private static void checkTemplate(Cursor at, String key, @Nullable String url) {
        if (url == null) {
            return;
        }
        String filled = url.replace("{domain}", "github.com").replace("{host}", "api.github.com");
        if (SchemaCheck.isHttpUrl(filled)) {
            checkUrl(at, key, filled);
        } else if (!url.contains("${")) {
            at.error(key, "must be an absolute http or https URL");
        }
    }

    private static void checkUrl(Cursor at, String key, @Nullable String url) {
        if (url != null && SchemaCheck.isHttpUrl(url) && url.strip().toLowerCase(Locale.ROOT).startsWith("http:") && !isLoopback(url)) {
            at.warning(key, "sends credentials over plain http");
        }
    }

    private static boolean isLoopback(String url) {
        try {
            String host = String.valueOf(new URI(url.strip()).getHost());
            return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
        } catch (URISyntaxException _) {
            return false;
        }
    }

    private static void warnOfBoth(Cursor shortForm, Cursor longForm) {
        for (Key key : Schema.OAUTH_PROVIDER.keys()) {
            if (shortForm.has(key.name()) && longForm.has(key.name())) {
                shortForm.warning(key.name(), "stands under oauth.providers too, which wins");
            }
        }
    }
}
