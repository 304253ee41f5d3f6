package dev.plexus.ingress;

import dev.plexus.message.Capture;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/// Lets a capture see what is written into a response, whoever writes it. Made only for exchanges that are traced: all others write as ever.
final class TracedResponse {

    private TracedResponse() {}

    static HttpServerResponse of(HttpServerResponse response, Capture capture) {
        return (HttpServerResponse) Proxy.newProxyInstance(
                TracedResponse.class.getClassLoader(),
                new Class<?>[] {HttpServerResponse.class},
                (proxy, method, arguments) -> told(response, capture, proxy, method, arguments));
    }

    private static @Nullable Object told(
            HttpServerResponse response, Capture capture, Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        boolean writes = method.getName().equals("write") || method.getName().equals("end");
        if (writes && arguments != null && arguments.length > 0) {
            if (arguments[0] instanceof Buffer chunk) {
                capture.written(chunk);
            } else if (arguments[0] instanceof String text) {
                capture.written(Buffer.buffer(text));
            }
        }
        try {
            Object result = arguments == null ? method.invoke(response) : method.invoke(response, arguments);
            return result == response ? proxy : result;
        } catch (InvocationTargetException failed) {
            throw failed.getCause() == null ? failed : failed.getCause();
        }
    }
}
