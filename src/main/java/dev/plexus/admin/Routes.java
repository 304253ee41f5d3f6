package dev.plexus.admin;

import dev.plexus.message.AdminAnswer;
import dev.plexus.message.AdminAsked;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Finds what a method and a path of the management API mean. A `*` in a path stands for one name, percent-encoded where it has slashes.
final class Routes {

    private record Route(String method, List<String> path, Function<Call, AdminAnswer> answers) {

        @Nullable List<String> names(List<String> segments) {
            if (segments.size() != path.size()) {
                return null;
            }
            List<String> names = new ArrayList<>(1);
            for (int at = 0; at < path.size(); at++) {
                if (path.get(at).equals("*")) {
                    names.add(Call.decoded(segments.get(at).replace("+", "%2B")));
                } else if (!path.get(at).equals(segments.get(at))) {
                    return null;
                }
            }
            return names;
        }
    }

    private final List<Route> routes = new ArrayList<>();

    /// What is registered first wins.
    Routes on(String method, String path, Function<Call, AdminAnswer> answers) {
        routes.add(new Route(method, segments(path), answers));
        return this;
    }

    AdminAnswer answer(AdminAsked asked) {
        List<String> segments = segments(asked.path());
        String method = asked.method().equals("HEAD") ? "GET" : asked.method();
        TreeSet<String> others = new TreeSet<>();
        for (Route route : routes) {
            List<String> names = route.names(segments);
            if (names != null && route.method().equals(method)) {
                return route.answers().apply(Call.of(asked, names));
            }
            if (names != null) {
                others.add(route.method());
            }
        }
        if (others.isEmpty()) {
            return Reply.error(404, "Not found");
        }
        return Reply.with(Reply.error(405, "Method not allowed"), "allow", others.stream().collect(Collectors.joining(", ")));
    }

    private static List<String> segments(String path) {
        String plain = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return List.of(plain.split("/", -1));
    }
}
