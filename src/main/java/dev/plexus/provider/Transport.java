package dev.plexus.provider;

import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Names transport failures by the codes that operators know and `retryableErrors` lists.
final class Transport {

    private Transport() {}

    /// The code of a failure, `EIO` when it is none of the known ones.
    static String code(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String code = own(cause);
            if (code != null) {
                return code;
            }
        }
        return "EIO";
    }

    private static @Nullable String own(Throwable failure) {
        String text = failure.getMessage() == null ? "" : failure.getMessage().toLowerCase(Locale.ROOT);
        return switch (failure) {
            case UnknownHostException _ -> text.contains("temporar") ? "EAI_AGAIN" : "ENOTFOUND";
            case NoRouteToHostException _ -> "EHOSTUNREACH";
            case SSLException _ -> "ETLS";
            case TimeoutException _ -> "ETIMEDOUT";
            case SocketTimeoutException _ -> "ETIMEDOUT";
            case ConnectException _ -> connect(text);
            case HttpClosedException _ -> "ECONNRESET";
            case StreamResetException _ -> "ECONNRESET";
            case IOException _ -> io(text);
            default -> text.contains("timeout") || text.contains("timed out") ? "ETIMEDOUT" : null;
        };
    }

    private static String connect(String text) {
        if (text.contains("timed out") || text.contains("timeout")) {
            return "ETIMEDOUT";
        }
        return text.contains("network is unreachable") ? "ENETUNREACH" : "ECONNREFUSED";
    }

    private static @Nullable String io(String text) {
        if (text.contains("broken pipe")) {
            return "EPIPE";
        }
        if (text.contains("reset") || text.contains("closed")) {
            return "ECONNRESET";
        }
        return text.contains("timed out") ? "ETIMEDOUT" : null;
    }
}
